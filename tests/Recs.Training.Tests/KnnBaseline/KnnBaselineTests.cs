using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.KnnBaseline;

public class KnnBaselineTests
{
    private static readonly InteractionSet Data = GeneratedData.Interactions(users: 50, movies: 30, perUser: 20, watches: true);

    [Theory]
    [InlineData(40, 100)]
    [InlineData(3, 0)]
    public void Predictions_are_those_of_the_definition(int neighbours, double shrinkage)
    {
        using var fitted = Fitted.Of("knn-baseline", Data, ("neighbours", $"{neighbours}"), ("shrinkage", $"{shrinkage}"));
        int[] history = [3, 17, 8, 9, 21, 5];
        byte[] halfStars = [10, 1, 0, 7, 4, 10];
        var stars = Predict(fitted, new(history, halfStars));
        var expected = Reference.Predict(Data, history, halfStars, neighbours, shrinkage);
        for (var movie = 0; movie < stars.Length; movie++)
            ((double)stars[movie]).ShouldBe(expected[movie], 1e-4, $"movie {movie}");
    }

    [Fact]
    public void A_person_without_ratings_gets_the_baseline_of_the_movies()
    {
        using var fitted = Fitted.Of("knn-baseline", Data);
        var nobody = Predict(fitted, new([]));
        Predict(fitted, new([1, 2, 3], [0, 0, 0])).ShouldBe(nobody);
        nobody.Distinct().Count().ShouldBeGreaterThan(20);
    }

    [Fact]
    public void A_prediction_never_leaves_the_scale_of_the_ratings_fitted_on()
    {
        var builder = new InteractionSetBuilder();
        for (var i = 0; i < 400; i++)
            builder.Add($"u{i % 20}", $"m{i / 20}", (byte)(i % 20 < 10 ? 8 : 4), i); // half of the people rate 4 stars, the others 2
        using var fitted = Fitted.Of("knn-baseline", builder.Build(), ("person-penalty", "0"));
        Predict(fitted, new([1, 2, 3], [10, 10, 10])).Max().ShouldBe(4);
        Predict(fitted, new([1, 2, 3], [1, 1, 1])).Min().ShouldBe(2);
    }

    [Fact]
    public void Predicting_allocates_nothing()
    {
        using var fitted = Fitted.Of("knn-baseline", Data);
        var (predictor, movies, stars) = ((IRatingPredictor)fitted.Scorer, Enumerable.Range(0, 10).ToArray(), new float[10]);
        int[] history = [1, 2, 3];
        byte[] halfStars = [10, 4, 6];
        predictor.PredictRatings(new(history, halfStars), movies, stars);
        var before = GC.GetAllocatedBytesForCurrentThread();
        predictor.PredictRatings(new(history, halfStars), movies, stars);
        GC.GetAllocatedBytesForCurrentThread().ShouldBe(before);
    }

    [Fact]
    public void Watches_alone_can_be_fitted_and_are_answered_by_popularity()
    {
        var builder = new InteractionSetBuilder();
        for (var i = 0; i < 40; i++)
            builder.Add($"u{i % 8}", $"m{i % 11}", 0, i);
        using var fitted = Fitted.Of("knn-baseline", builder.Build());
        fitted.Scorer.Personalizes(new([1, 2])).ShouldBeFalse();
        Predict(fitted, new([1, 2])).ShouldAllBe(stars => float.IsFinite(stars) && stars >= 0.5f && stars <= 5);
    }

    private static float[] Predict(Fitted fitted, in UserState user)
    {
        var stars = new float[fitted.Scorer.Movies.Count];
        ((IRatingPredictor)fitted.Scorer).PredictRatings(user, [.. Enumerable.Range(0, stars.Length)], stars);
        return stars;
    }
}
