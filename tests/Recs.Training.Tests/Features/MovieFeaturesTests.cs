using Recs.Training.Features;
using Recs.Training.Neural;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Features;

public class MovieFeaturesTests
{
    private static readonly MovieFeatures Features = MovieFeatures.Of(
        [new("a", new("Night Train", 1990), ["Drama", "War"]), new("b", new("Night Bus", 2001), ["Comedy"]), new("c", new(null, null), [])], leastMovies: 2);

    [Fact]
    public void Genres_are_a_mean_the_year_lies_between_its_neighbours_and_words_of_one_title_do_not_count()
    {
        Row(new("x", new("Night Night Train", 1992), ["War", "Drama", "Unheard"])).Select(e => e.Weight).Order().ShouldBe([0.4f, 0.5f, 0.5f, 0.6f, 1]); // two genres, two years, "night"
        Row(new("x", new("Night", 1990), [])).Select(e => e.Weight).ShouldBe([1, 1]);
    }

    [Fact]
    public void A_year_outside_those_that_were_learned_is_the_nearest_of_them()
    {
        Row(new("x", new(null, 2050), [])).ShouldBe(Row(new("x", new(null, 2001), [])));
        Row(new("x", new(null, 1900), [])).ShouldBe(Row(new("x", new(null, 1990), [])));
        Row(new("x", default, [])).ShouldNotBe(Row(new("x", new(null, 1990), []))); // not known has a row of its own
    }

    [Fact]
    public void A_movie_of_which_nothing_is_known_is_not_described()
    {
        Features.Describe(new("x", new("Unheard Of", null), ["Unheard"])).ShouldBeFalse();
        Features.Describe(new("x", new("Some Night", null), [])).ShouldBeTrue();
        Features.Describe(new("x", new("Unheard", 2020), [])).ShouldBeTrue();
        Features.Describe(new("x", default, ["War"])).ShouldBeTrue();
    }

    [Fact]
    public void Data_without_a_year_or_genre_has_features_all_the_same()
    {
        var none = MovieFeatures.Of([new("a", default, [])], leastMovies: 2);
        none.Rows.ShouldBe(1);
        none.Describe(new("x", new("Night", 1999), ["War"])).ShouldBeFalse();
    }

    private static List<(int Which, float Weight)> Row(CatalogueMovie movie)
    {
        var entries = new BagEntries();
        entries.Begin(1);
        Features.AddRow(movie, entries);
        entries.Rows.Which.AsSpan(0, entries.Rows.Start[1]).ToArray().ShouldAllBe(row => row >= 0 && row < Features.Rows);
        return [.. Enumerable.Range(0, entries.Rows.Start[1]).Select(i => (entries.Rows.Which[i], entries.Rows.Weights![i]))];
    }
}
