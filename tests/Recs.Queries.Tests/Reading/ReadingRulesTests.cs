using FsCheck;
using FsCheck.Fluent;
using Recs.Projections.UserHistory;
using Recs.Queries.Catalogue;
using Recs.Queries.Movies;
using Recs.Queries.People;
using Shouldly;
using Xunit;
using Outcome = Recs.Queries.People.Outcome;

namespace Recs.Queries.Tests.Reading;

/// <summary>The pure parts: likeness, taste and outcomes.</summary>
public class ReadingRulesTests
{
    private static Movie Make(string id, string title, params string[] genres) => new(id, title, 1990, genres, false);

    private static HistoryEntry Rated(string movie, double stars, long at = 0, long sequence = 1) => new(HistoryKind.Rated, movie, stars, 0, at, at, sequence);
    private static HistoryEntry Watched(string movie, int minutes, long at, long lastAt) => new(HistoryKind.Watched, movie, minutes, minutes, at, lastAt, 1);

    [Fact]
    public void Likeness_is_the_share_of_genres_plus_the_share_of_title_words()
    {
        var movie = Make("a", "The Star Wars", "Action", "Sci-Fi");
        Movie[] others = [Make("b", "Star Trek", "Action"), Make("c", "Wars, Star", "Action", "Sci-Fi"), Make("d", "Nothing", "Drama"), movie];
        Resemblance.Rank(movie, others, 5).Select(r => (r.Movie.Id, r.Score)).ShouldBe([("c", 2.0), ("b", 1 / 2.0 + 1 / 3.0)]);
    }

    [Fact]
    public void The_best_k_are_kept_and_equal_ones_stand_in_ordinal_order()
    {
        var movies = Enumerable.Range(0, 30).Select(i => Make(i.ToString(), "x", i % 3 == 0 ? "Drama" : "Comedy")).ToList();
        var ids = Resemblance.Rank(movies[0], movies.AsEnumerable().Reverse(), 4).Select(r => r.Movie.Id);
        ids.ShouldBe(movies.Skip(1).Where(m => m.Genres[0] == "Drama").Select(m => m.Id).Order(StringComparer.Ordinal).Take(4));
    }

    [Fact]
    public void The_order_in_which_the_catalogue_is_read_does_not_show() => Prop.ForAll(Gen.Choose(0, 1000).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        string[] genres = ["A", "B", "C"], words = ["alpha", "beta", "gamma"];
        var movies = Enumerable.Range(0, 20).Select(i => Make(i.ToString(), words[random.Next(3)] + " " + words[random.Next(3)], genres[random.Next(3)])).ToList();
        var ranked = Resemblance.Rank(movies[0], movies, 5).Select(r => r.Movie.Id).ToList();
        return Resemblance.Rank(movies[0], movies.OrderBy(_ => random.Next()), 5).Select(r => r.Movie.Id).SequenceEqual(ranked);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_movie_counts_in_each_of_its_genres_and_openings_count_nowhere()
    {
        var profile = TasteProfile.Of(
            [Rated("a", 4), Rated("b", 2), Watched("a", 30, 0, 0), new HistoryEntry(HistoryKind.Opened, "a", 0, 0, 0, 0, 1)],
            id => id == "a" ? Make("a", "A", "Drama", "War") : Make("b", "B", "War"));
        profile.Total.ShouldBe(new Consumption(2, 6, 30));
        profile.Genres["Drama"].ShouldBe(new Consumption(1, 4, 30));
        profile.Genres["War"].ShouldBe(new Consumption(2, 6, 30));
        profile.Decades[1990].MeanRating.ShouldBe(3);
    }

    [Fact]
    public void What_was_done_before_a_movie_was_served_is_no_outcome_and_the_end_of_a_run_that_goes_on_is()
    {
        var served = DateTimeOffset.FromUnixTimeMilliseconds(1000);
        var outcomes = new SlateOutcomes([Rated("a", 5, 999), Watched("a", 3, 900, 1100), Watched("a", 2, 2000, 2100), Rated("a", 1, 3000), Rated("a", 2, 2500), Rated("b", 1, 5000)]);
        var outcome = outcomes.Of("a", served);
        outcome.ShouldBe(new Outcome(null, DateTimeOffset.FromUnixTimeMilliseconds(1100), 5, DateTimeOffset.FromUnixTimeMilliseconds(3000), 1));
        outcomes.Of("never", served).ShouldBe(Outcome.None);
    }
}
