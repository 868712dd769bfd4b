using FsCheck;
using FsCheck.Fluent;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Scoring;

public class ExplainTests
{
    private static readonly InteractionSet Data = GeneratedData.Interactions(genres: true);

    /// <summary>Distinct movies in any order, none and all of them included.</summary>
    private static readonly Arbitrary<int[]> Histories = Gen.Choose(0, Data.Movies.Count)
        .SelectMany(length => Gen.Shuffle(Enumerable.Range(0, Data.Movies.Count).ToArray()).Select(shuffled => shuffled.Take(length).ToArray())).ToArbitrary();

    [Theory]
    [InlineData("item-knn", "neighbours", "5")]
    [InlineData("user-knn", "neighbours", "7")]
    [InlineData("knn-baseline", "kept", "8")]
    [InlineData("ease", "movies", "30")] // ten movies without a row
    [InlineData("linear-autoregression", "tau", "0.7")] // a window of four movies
    public void The_shares_of_a_linear_model_sum_to_the_score(string model, string option, string value)
    {
        using var fitted = Fitted.Of(model, Data, (option, value));
        var scores = new float[Data.Movies.Count];
        Prop.ForAll(Histories, history =>
        {
            fitted.Scorer.Score(new(history), scores);
            var shares = new float[history.Length];
            for (var movie = 0; movie < scores.Length; movie++)
            {
                var explained = fitted.Scorer.Explain(new(history), movie, shares);
                explained.ShouldBe(fitted.Scorer.Personalizes(new(history)));
                ((double)shares.Sum()).ShouldBe(explained ? scores[movie] : 0, 1e-5);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(50));
    }

    [Fact]
    public void The_shares_of_popularity_by_genre_sum_to_what_the_score_is_above_the_trend()
    {
        using var fitted = Fitted.Of("popularity-genre", Data);
        float[] scores = new float[Data.Movies.Count], trend = new float[Data.Movies.Count];
        fitted.Scorer.Score(new([]), trend);
        Prop.ForAll(Histories, history =>
        {
            fitted.Scorer.Score(new(history), scores);
            var shares = new float[history.Length];
            for (var movie = 0; movie < scores.Length; movie++)
            {
                fitted.Scorer.Explain(new(history), movie, shares).ShouldBe(fitted.Scorer.Personalizes(new(history)));
                ((double)shares.Sum()).ShouldBe(scores[movie] - trend[movie], 1e-5 * scores[movie]);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(50));
    }

    [Fact]
    public void A_share_is_what_the_score_of_a_linear_model_would_lack_without_the_movie()
    {
        using var fitted = Fitted.Of("ease", Data, ("floor", "1")); // all weigh alike, so that leaving one out moves no other
        int[] history = [4, 8, 15, 16, 23];
        float[] whole = new float[Data.Movies.Count], without = new float[Data.Movies.Count], shares = new float[history.Length];
        fitted.Scorer.Score(new(history), whole);
        fitted.Scorer.Score(new([4, 8, 16, 23]), without);
        fitted.Scorer.Explain(new(history), 17, shares);
        shares[2].ShouldBe(whole[17] - without[17], 1e-5f);
    }
}
