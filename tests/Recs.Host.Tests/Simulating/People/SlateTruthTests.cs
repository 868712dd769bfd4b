using Recs.Host.Simulating.People;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Simulating.People;

/// <summary>What the truth says of a slate against how often it happens when people are let loose on it.</summary>
public sealed class SlateTruthTests
{
    private const int Visits = 40_000;
    private static readonly Mood Usual = new();
    private static readonly Person Somebody = Worlds.Person(11);
    private static readonly IReadOnlyList<Film> Slate =
        [.. Worlds.Catalogue.ByFame.OrderByDescending(f => Somebody.ExpectedRating(f, Usual)).Where((_, i) => i % 4 == 0).Take(10).Reverse()];

    private static readonly SlateTruth Truth = SlateTruth.Of(Somebody, Slate, Usual, Worlds.Nothing, Worlds.Catalogue);
    private static readonly List<IReadOnlyList<Deed>> Seen = [.. Enumerable.Range(0, Visits).Select(v => Somebody.React(v, Shown.Slate, Slate, Usual, Worlds.Nothing))];

    [Fact]
    public void each_film_is_watched_as_often_as_its_probability_says()
    {
        for (var place = 0; place < Slate.Count; place++)
            Holds(Truth.Items[place].Watch, Seen.Count(deeds => deeds.OfType<Watching>().Any(w => w.Film == Slate[place])));
        Truth.Items[0].Watch.ShouldBe(Truth.Items[0].Appeal);
        Truth.Items[9].Watch.ShouldBeLessThan(Truth.Items[9].Appeal);
    }

    [Fact]
    public void slates_succeed_and_are_opened_as_often_as_their_probabilities_say()
    {
        Holds(Truth.Served.Success, Seen.Count(deeds => deeds.OfType<Watching>().Any()));
        Holds(Truth.Opened, Seen.Count(deeds => deeds.OfType<Opening>().Any()));
    }

    [Fact]
    public void ratings_have_the_mean_that_the_truth_says()
    {
        for (var place = 0; place < Slate.Count; place++)
        {
            var stars = Seen.SelectMany(deeds => deeds.OfType<Rating>()).Where(r => r.Film == Slate[place]).Select(r => r.Stars).ToList();
            if (stars.Count > 100) stars.Average().ShouldBe(Truth.Items[place].Rating, 4 * 0.5 / Math.Sqrt(stars.Count));
            stars.ShouldAllBe(s => s >= 0.5 && s <= 5 && s * 2 % 1 == 0);
        }
    }

    [Theory]
    [InlineData(-2)]
    [InlineData(0.3)]
    [InlineData(3.14)]
    [InlineData(4.9)]
    [InlineData(9)]
    public void the_expected_rating_is_the_mean_over_the_noise(double opinion)
    {
        const int Steps = 1000;
        var points = Enumerable.Range(0, Steps).Select(i => (i + 0.5) / Steps).ToArray();
        points.Average(a => points.Average(b => Stars.Given(opinion, a, b))).ShouldBe(Stars.Expected(opinion), 1e-3);
    }

    [Fact]
    public void no_slate_is_better_than_the_best_and_the_best_films_lead_it()
    {
        for (var person = 0; person < 30; person++)
        {
            var truth = SlateTruth.Of(Worlds.Person(person), Slate, Usual, Worlds.Nothing, Worlds.Catalogue);
            truth.Best.Success.ShouldBeGreaterThanOrEqualTo(truth.Served.Success);
            truth.Random.Success.ShouldBeLessThan(truth.Best.Success);
            truth.BestFilms.Count.ShouldBe(20);
            truth.BestFilms.Select(b => b.Appeal).ShouldBeInOrder(SortDirection.Descending);
            truth.BestFilms[0].Appeal.ShouldBe(Worlds.Catalogue.ByFame.Max(f => Worlds.Person(person).ChancesOf(f, Usual, Worlds.Nothing).Watch));
        }
    }

    /// <summary>A count is within four standard deviations of its expectation.</summary>
    private static void Holds(double probability, int count)
        => ((double)count / Visits).ShouldBe(probability, 4 * Math.Sqrt(probability * (1 - probability) / Visits) + 1e-9);
}
