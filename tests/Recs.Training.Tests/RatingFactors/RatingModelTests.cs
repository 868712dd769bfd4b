using Recs.Training.Fitting;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.RatingFactors;

/// <summary>What holds for every model that learns factors from ratings.</summary>
public class RatingModelTests
{
    private static readonly InteractionSet Data = PlantedRatings.Data();
    private static readonly Histories People = Histories.Of(Data);

    public static TheoryData<string> Models => ["svd", "svd-plus-plus", "nmf"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Ratings_that_were_kept_back_are_predicted(string model)
    {
        using var fitted = Planted(model);
        var (sum, count) = (0.0, 0);
        for (var user = 0; user < PlantedRatings.Users; user++)
            for (var movie = 0; movie < PlantedRatings.Movies; movie++)
                if (PlantedRatings.HeldOut(user, movie))
                {
                    var error = Predict(fitted, new(People.Of(user), People.HalfStarsOf(user)), movie) - (Math.Round(2 * PlantedRatings.Stars(user, movie)) / 2);
                    (sum, count) = (sum + (error * error), count + 1);
                }

        Math.Sqrt(sum / count).ShouldBeLessThan(0.35); // 0.94 by the mean alone
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_stranger_with_the_same_ratings_gets_the_same_prediction_and_one_with_others_another(string model)
    {
        using var fitted = Planted(model);
        int[] rated = [.. Enumerable.Range(0, 20)];
        byte[] evens = [.. rated.Select(m => (byte)(m % 2 == 0 ? 9 : 3))], odds = [.. rated.Select(m => (byte)(m % 2 == 1 ? 9 : 3))];
        Predict(fitted, new(rated, evens), 30).ShouldBeGreaterThan(Predict(fitted, new(rated, odds), 30) + 0.5f);
        Predict(fitted, new(rated, evens), 31).ShouldBeLessThan(Predict(fitted, new(rated, odds), 31) - 0.5f);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_person_without_a_rating_is_predicted_what_the_movie_gets_from_others(string model)
    {
        using var fitted = Planted(model);
        for (var movie = 0; movie < PlantedRatings.Movies; movie++)
        {
            var mean = Enumerable.Range(0, Data.Count).Where(i => Data.Movie[i] == movie).Average(i => Data.HalfStars[i] / 2.0);
            ((double)Predict(fitted, new([]), movie)).ShouldBe(mean, 0.3);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Predictions_stay_within_the_ratings_of_the_data(string model)
    {
        var builder = new InteractionSetBuilder();
        for (var user = 0; user < 12; user++)
            for (var movie = 0; movie < 8; movie++)
                builder.Add($"u{user}", $"m{movie}", (byte)(user < 6 ? 4 : 8), 0);
        using var fitted = Fitted.Of(model, builder.Build());
        byte[] least = [1, 1, 1], most = [10, 10, 10];
        Predict(fitted, new([0, 1, 2], least), 5).ShouldBe(2);
        Predict(fitted, new([0, 1, 2], most), 5).ShouldBe(4);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_data_set_of_watches_alone_is_refused(string model)
    {
        var builder = new InteractionSetBuilder();
        builder.Add("u", "m", 0, 0);
        Should.Throw<InvalidDataException>(() => Fitted.Of(model, builder.Build())).Message.ShouldContain("empty of ratings");
    }

    [Theory]
    [InlineData("svd")]
    [InlineData("svd-plus-plus")]
    public void A_rate_that_is_too_great_ends_the_fit_with_a_clear_failure(string model)
        => Should.Throw<DivergedException>(() => Fitted.Of(model, Data, ("rate", "1"), ("rate-decay", "1"))).Message.ShouldContain("Lower the learning rate");

    [Theory]
    [MemberData(nameof(Models))]
    public void Predicting_allocates_nothing(string model)
    {
        using var fitted = Planted(model);
        var stars = new float[1];
        Predict(fitted, new(People.Of(0), People.HalfStarsOf(0)), 3, stars);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Predict(fitted, new(People.Of(0), People.HalfStarsOf(0)), 3, stars);
        GC.GetAllocatedBytesForCurrentThread().ShouldBe(before);
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Shares_sum_to_what_the_history_makes_of_the_score(string model)
    {
        using var fitted = Planted(model, watches: true);
        var data = PlantedRatings.Data(watches: true);
        var people = Histories.Of(data);
        var scores = new float[data.Movies.Count];
        for (var movie = 0; movie < 5; movie++)
        {
            var rests = new List<double>();
            for (var user = 0; user < 10; user++)
            {
                var state = new UserState(people.Of(user), people.HalfStarsOf(user));
                var shares = new float[state.Movies.Length];
                fitted.Scorer.Score(state, scores);
                fitted.Scorer.Explain(state, movie, shares).ShouldBeTrue();
                rests.Add(scores[movie] - shares.Sum());
            }

            rests.ShouldAllBe(rest => Math.Abs(rest - rests[0]) < 1e-3);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Ranking_weights_lower_movies_that_few_people_rated_and_leave_predictions_alone(string model)
    {
        var builder = new InteractionSetBuilder();
        for (var user = 0; user < 30; user++)
            for (var movie = 0; movie < 6; movie++)
                if (movie != 5 || user < 2)
                    builder.Add($"u{user}", $"m{movie}", (byte)(movie == 5 ? 10 : 4 + (user % 3) + movie), 0);
        using Fitted plain = Fitted.Of(model, builder.Build(), ("ranking-shrinkage", "0")), shrunk = Fitted.Of(model, builder.Build(), ("ranking-shrinkage", "0.5"));
        byte[] given = [6, 6];
        float[] scores = new float[6], lower = new float[6];
        plain.Scorer.Score(new([0, 1], given), scores);
        shrunk.Scorer.Score(new([0, 1], given), lower);
        (lower[5] - 2).ShouldBe((scores[5] - 2) * 2 / 17, 1e-4f); // 2 people, half of 30, stars from 2
        Predict(shrunk, new([0, 1], given), 5).ShouldBe(Predict(plain, new([0, 1], given), 5));
    }

    private static Fitted Planted(string model, bool watches = false)
        => Fitted.Of(model, watches ? PlantedRatings.Data(watches: true) : Data, [("factors", "4"), ("iterations", "60"), .. model == "svd" ? new[] { ("rate", "0.02"), ("rate-decay", "0.99") } : []]);

    private static float Predict(Fitted fitted, UserState user, int movie) => Predict(fitted, user, movie, new float[1]);

    private static float Predict(Fitted fitted, UserState user, int movie, float[] stars)
    {
        ((IRatingPredictor)fitted.Scorer).PredictRatings(user, new ReadOnlySpan<int>(in movie), stars);
        return stars[0];
    }
}
