using Recs.Training.Evaluating.Figures;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Evaluating.Ranking;
using Recs.Training.Popularity;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Evaluating.Figures;

/// <summary>Four people and four movies, worked by hand. m0 (drama) has all four, m1 (drama, war) two, m2 (war) one, m3 (no genre) nobody.</summary>
public class ListFiguresTests
{
    private static readonly TrainFacts Facts = new(Train());
    private static readonly JudgedPerson Somebody = new(0, [0, 1], [8, 8], [2], [8], [0, 1]);

    [Fact]
    public void Novelty_is_the_mean_surprise_in_bits() // m1: log2(4 / 2) = 1; m2 and m3: log2(4 / 1) = 2
        => Of([1, 2, 3]).Novelty.ShouldBe((1 + 2 + 2) / 3.0, 1e-12);

    [Fact]
    public void Diversity_is_the_mean_distance_of_two_movies() // m1 and m2 share war of drama and war: 1 - 1/2; m3 shares nothing with either: 1
        => Of([1, 2, 3]).Diversity!.Value.ShouldBe((0.5 + 1 + 1) / 3, 1e-12);

    [Fact]
    public void Popularity_bias_is_the_popularity_of_the_list_over_that_of_the_history() // (2 + 1 + 0) / 3 over (4 + 2) / 2
        => Of([1, 2, 3]).PopularityBias!.Value.ShouldBe(1 / 3.0, 1e-12);

    [Fact]
    public void Calibration_is_the_divergence_of_the_list_s_genres_from_the_history_s()
    {
        // History m0, m1: drama 3/4, war 1/4. List m2: war 1. With alpha 0.01: 3/4 ln(0.75 / 0.0075) + 1/4 ln(0.25 / 0.9925).
        var expected = (0.75 * Math.Log(100)) + (0.25 * Math.Log(0.25 / 0.9925));
        Of([2, 3]).Calibration!.Value.ShouldBe(expected, 1e-12); // m3 has no genre and does not count
        Of([0, 1]).Calibration!.Value.ShouldBe(0, 1e-12);
    }

    [Fact]
    public void Coverage_and_gini_look_at_all_lists_together()
    {
        int[] counts = Exposure.Count([[0, 1], [0, 2], [0, 1]], 2, 4);
        counts.ShouldBe([3, 2, 1, 0]);
        Exposure.Coverage(counts).ShouldBe(0.75);
        Exposure.Gini(counts)!.Value.ShouldBe(((-3.0 * 0) - (1 * 1) + (1 * 2) + (3 * 3)) / (4 * 6), 1e-12);
        Exposure.Gini([5, 5, 5])!.Value.ShouldBe(0);
        Exposure.Gini([0, 0])?.ShouldBe(0); // nothing is listed: there is no figure
    }

    [Fact]
    public void A_user_who_is_asked_about_twice_counts_once()
        => Users.Means([Somebody, Somebody, Somebody with { User = 1 }], [1, 0, 1]).ShouldBe([0.5, 1]);

    [Fact]
    public void Movies_are_classed_by_the_fifths_of_the_ratings_that_they_hold() // 7 ratings: m0 begins at 0, m1 at 4/7, m2 at 6/7, m3 at the end
        => Facts.Classes.ShouldBe([PopularityClass.Head, PopularityClass.Middle, PopularityClass.Tail, PopularityClass.Tail]);

    [Fact]
    public void Errors_of_ratings_are_in_stars_and_every_rating_counts_alike()
    {
        JudgedPerson[] people = [Somebody with { Targets = [1, 2], TargetHalfStars = [8, 10] }, Somebody with { User = 2, Targets = [3], TargetHalfStars = [1] }];
        var errors = RatingErrors.Of(3, [(people, [[3f, 5f], [2.5f]])]);
        errors.Rmse.ShouldBe(Math.Sqrt((1 + 0 + 4) / 3.0), 1e-12);
        errors.Mae.ShouldBe((1 + 0 + 2) / 3.0, 1e-12);
        errors.Count.ShouldBe([2, 1]);
    }

    private static ListFigures Of(int[] list) => ListFigures.Of([Somebody], [new RankedPerson(1, [1], list, new float[list.Length])], list.Length, Facts);

    private static InteractionSet Train()
    {
        var builder = new InteractionSetBuilder();
        foreach (var (user, movie) in new[] { ("a", "m0"), ("b", "m0"), ("c", "m0"), ("d", "m0"), ("a", "m1"), ("b", "m1"), ("c", "m2") })
            builder.Add(user, movie, 8, 1);
        builder.Add("a", "m3", 8, 2);
        var data = builder.Build();
        var train = data.Where([true, true, true, true, true, true, true, false]);
        return train.WithGenres(MovieGenres.Of(train.Movies, [("m0", ["drama"]), ("m1", ["drama", "war"]), ("m2", ["war"])]));
    }
}
