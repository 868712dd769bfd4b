using Recs.Training.Fitting;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Fitting;

/// <summary>A person whom no model has met is served from what they did, at once and by every model that looks at histories at all.</summary>
public class FoldInTests
{
    private static readonly InteractionSet Data = GeneratedData.Interactions(watches: true, genres: true);

    public static TheoryData<string> Models => [.. Recommenders.All.Select(r => r.Name).Where(name => name != "popularity")];

    /// <summary>Movie 1 is one with genres.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void One_rating_makes_the_scores_those_of_a_person(string model)
    {
        using var fitted = Fitted.Of(model, Data);
        UserState nobody = new([]), one = new([1], [10]), another = new([2], [10]);
        fitted.Scorer.Personalizes(one).ShouldBeTrue();
        Scores(fitted.Scorer, one).ShouldNotBe(Scores(fitted.Scorer, nobody));
        Scores(fitted.Scorer, one).ShouldNotBe(Scores(fitted.Scorer, another));
        Scores(fitted.Scorer, one).ShouldAllBe(score => float.IsFinite(score));
    }

    [Fact]
    public void Every_model_that_predicts_ratings_hears_a_changed_rating()
    {
        foreach (var model in Recommenders.All)
        {
            using var fitted = Fitted.Of(model.Name, Data);
            if (fitted.Scorer is not IRatingPredictor predictor)
                continue;
            UserState before = new([1, 4], [2, 9]), after = new([1, 4], [10, 9]);
            Ratings(predictor, after).ShouldNotBe(Ratings(predictor, before), model.Name);
            Ratings(predictor, after).ShouldAllBe(stars => stars >= 0.5f && stars <= 5);
            Ratings(predictor, new([])).ShouldAllBe(stars => stars >= 0.5f && stars <= 5);
        }
    }

    private static float[] Scores(IScorer scorer, in UserState user)
    {
        var scores = new float[scorer.Movies.Count];
        scorer.Score(user, scores);
        return scores;
    }

    private static float[] Ratings(IRatingPredictor predictor, in UserState user)
    {
        var stars = new float[predictor.Movies.Count];
        predictor.PredictRatings(user, [.. Enumerable.Range(0, stars.Length)], stars);
        return stars;
    }
}
