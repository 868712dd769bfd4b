using Recs.Training.Snapshots;

namespace Recs.Training.Tests.PopularityGenre;

public class PopularityGenreTests
{
    private const long Day = 86_400_000;

    [Fact]
    public void Without_a_history_a_movie_scores_its_decayed_number_of_people()
    {
        using var fitted = Fitted.Of("popularity-genre", Spread(), ("half-life", "10"), ("window", "30"));
        foreach (var (movie, score) in fitted.Scores())
            ((double)score).ShouldBe(NaiveTrend(Spread(), 10, 30)[movie], 1e-6);
    }

    [Fact]
    public void A_person_counts_once_when_the_movie_was_last_seen_and_not_past_the_window()
    {
        var builder = new InteractionSetBuilder();
        builder.Add("a", "seen twice", 0, 0);
        builder.Add("b", "too old", 0, 0);
        builder.Add("a", "seen twice", 8, 90 * Day);
        builder.Add("a", "now", 8, 100 * Day);
        using var fitted = Fitted.Of("popularity-genre", builder.Build(), ("half-life", "10"), ("window", "99"));
        fitted.Scores().ShouldBe(new Dictionary<string, float> { ["now"] = 1, ["seen twice"] = 0.5f, ["too old"] = 0 }, ignoreOrder: true);
    }

    [Fact]
    public void The_genres_of_the_history_raise_a_movie_as_the_formula_says()
    {
        var data = Spread();
        using var fitted = Fitted.Of("popularity-genre", data, ("boost", "2.5"), ("tau", "3"), ("floor", "0.1"), ("half-life", "10"));
        string[] history = [data.Movies[7], data.Movies[12], data.Movies[24], data.Movies[3], data.Movies[9]];
        var (trend, affinity) = (NaiveTrend(data, 10, 36_500), NaiveAffinity(data, history, age => 0.1 + (0.9 * Math.Exp(-age / 3.0))));
        foreach (var (movie, score) in fitted.Scores(history))
            ((double)score).ShouldBe(trend[movie] * (1 + (2.5 * affinity[movie])), 1e-4);
        affinity.Values.ShouldContain(0);
        affinity.Values.Max().ShouldBeGreaterThan(1);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("10", false)]
    public void Without_a_boost_or_a_known_genre_nobody_is_answered_personally(string boost, bool genres)
    {
        var data = GeneratedData.Interactions(genres: genres);
        using var fitted = Fitted.Of("popularity-genre", data, ("boost", boost));
        fitted.Scorer.Personalizes(new([1, 2, 3])).ShouldBeFalse();
        fitted.Scores("m1", "m2").ShouldBe(fitted.Scores());
    }

    /// <summary>Generated people, a day from one interaction to the next.</summary>
    private static InteractionSet Spread()
    {
        var data = GeneratedData.Interactions(users: 8, perUser: 8, watches: true, genres: true);
        return new(data.Users, data.Movies, [.. data.User], [.. data.Movie], [.. data.HalfStars], [.. Enumerable.Range(0, data.Count).Select(i => i * Day)], data.Genres);
    }

    private static Dictionary<string, double> NaiveTrend(InteractionSet data, double halfLife, double window)
    {
        var last = Enumerable.Range(0, data.Count).GroupBy(i => (data.User[i], data.Movie[i])).Select(g => (g.Key.Item2, Days: (data.At[^1] - data.At[g.Last()]) / (double)Day));
        return data.Movies.Ids.Select((id, movie) => (id, last.Where(l => l.Item1 == movie && l.Days <= window).Sum(l => Math.Pow(2, -l.Days / halfLife)))).ToDictionary();
    }

    private static Dictionary<string, double> NaiveAffinity(InteractionSet data, string[] history, Func<int, double> weight)
    {
        var genres = data.Movies.Ids.Select((id, movie) => (id, data.Genres.Of(movie).ToArray().Select(g => data.Genres.Names[g]).ToList())).ToDictionary();
        var seen = Enumerable.Range(0, data.Count).Select(i => (data.User[i], Movie: data.Movies[data.Movie[i]])).Distinct().Select(s => (s.Movie, 1.0));
        var (all, own) = (Profile(seen), Profile(history.Select((movie, place) => (movie, weight(history.Length - 1 - place)))));
        return genres.ToDictionary(m => m.Key, m => m.Value.Count == 0 ? 0 : m.Value.Average(g => own.GetValueOrDefault(g) / all[g]));

        Dictionary<string, double> Profile(IEnumerable<(string Movie, double Weight)> movies)
        {
            var parts = movies.SelectMany(m => genres[m.Movie].Select(g => (Genre: g, Part: m.Weight / genres[m.Movie].Count))).ToList();
            return parts.GroupBy(p => p.Genre).ToDictionary(g => g.Key, g => g.Sum(p => p.Part) / parts.Sum(p => p.Part));
        }
    }
}
