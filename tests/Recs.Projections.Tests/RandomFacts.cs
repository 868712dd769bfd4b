using System.Text.Json;
using Recs.Contracts;
using Recs.Contracts.Metrics;
using Recs.Contracts.Movies;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Registry;
using Recs.Contracts.Snapshots;
using Recs.Contracts.Users;

namespace Recs.Projections.Tests;

/// <summary>A random but lawful log: few people and movies, so that facts meet; times that jump back and forth over three years.</summary>
internal static class RandomFacts
{
    private static readonly DateTimeOffset Start = new(2021, 3, 4, 5, 6, 7, 890, TimeSpan.Zero);

    public static IReadOnlyList<Fact> Make(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => One(random, i)), Trained("popularity", count, Start), Evaluated("popularity", count, 0.25, Start)];
    }

    private static Fact One(Random random, int i)
    {
        var user = "u" + random.Next(12);
        var movie = random.Next(4) == 0 ? "the+movie+" + random.Next(8) : random.Next(30).ToString();
        var at = Start.AddMinutes(random.Next(5) == 0 ? random.Next(3 * 365 * 24 * 60) : i * 7 + random.Next(90)).AddTicks(random.Next(10_000_000));
        var correlation = random.Next(3) switch { 0 => null, 1 => Guid.NewGuid().ToString("N"), _ => $"import:set{random.Next(3)}:{random.Next():x8}" };
        var model = "popularity";
        return random.Next(43) switch
        {
            < 14 => Of(StreamIds.User(user), EventAliases.MovieRated, new MovieRated(user, movie, random.Next(20) == 0 ? random.NextDouble() * 5 : random.Next(1, 11) / 2.0, at), correlation),
            < 26 => Of(StreamIds.User(user), EventAliases.MovieWatched, new MovieWatched(user, "7", i % 50 + random.Next(2), at), correlation),
            < 29 => Of(StreamIds.User(user), EventAliases.MovieOpened, new MovieOpened(user, movie, random.Next(2) == 0 ? null : "r" + i, at), correlation),
            29 => Of(StreamIds.User(user), EventAliases.UserRegistered, new UserRegistered(user, "F", random.Next(90), random.Next(20).ToString(), "1\"é"), correlation),
            30 => Of(StreamIds.User(user), EventAliases.UserChanged, new UserChanged(user, null, null, "x", null), correlation),
            31 when random.Next(10) == 0 => Of(StreamIds.User(user), EventAliases.UserErased, new UserErased(user, at, "asked"), correlation),
            32 => Of(StreamIds.Movie(movie), EventAliases.MovieAdded, new MovieAdded(movie, "Title, \"é\"", 1990 + random.Next(30), ["Drama", "War"]), correlation),
            33 => Of(StreamIds.Movie(movie), EventAliases.MovieChanged, new MovieChanged(movie, "Other", null, [], true, random.Next(200), ["en"], true), correlation),
            34 or 35 => Of(StreamIds.Recommendations(user), EventAliases.RecommendationServed, Slate(random, user, at), correlation),
            36 when random.Next(5) == 0 => Of(StreamIds.Metric("success"), EventAliases.MetricDefined,
                new MetricDefined("success", ["watched", "rated"], 60 * random.Next(1, 5000), "item", 2, null, "tests", "why not", at), correlation),
            36 => Of(StreamIds.Recommendations(user), EventAliases.RecommendationFailed, new RecommendationFailed("r", user, "no model", at), correlation),
            37 => Of(StreamIds.Snapshot("s" + i), EventAliases.SnapshotTaken, new SnapshotTaken("s" + i, i, new(["set1"]), i, 3, 4, "abc", at), correlation),
            38 => Training(random, model, i, at),
            39 or 40 or 41 => Of(StreamIds.Recommendations(user), EventAliases.RecommendationObserved,
                new RecommendationObserved("o" + i, user, "host" + random.Next(2) + ":8082", random.Next(4) == 0 ? 500 : 200, random.Next(5) == 0 ? [] : [movie, "7", "1"], random.Next(900), at), correlation),
            _ => Of(StreamIds.Model(model), EventAliases.ModelPromoted, new ModelPromoted(model, "popularity-v0.1", null, "tests", "best", at), correlation),
        };
    }

    private static Fact Training(Random random, string model, int i, DateTimeOffset at) => random.Next(5) switch
    {
        0 => Of(StreamIds.Model(model), EventAliases.TrainingRequested,
            new TrainingRequested("t" + i / 20, model, "s1", new Dictionary<string, string> { ["tau"] = "4" }, ulong.MaxValue, "tests", "new data", at)),
        1 => Trained(model, i, at),
        2 => Of(StreamIds.Model(model), EventAliases.TrainingFailed, new TrainingFailed("t" + i / 20, model, "no data", at)),
        3 => Of(StreamIds.Model(model), EventAliases.TrainingCancelled, new TrainingCancelled("t" + i / 20, model, "tests", "not now", at)),
        _ => Evaluated(model, random.Next(i + 1), random.NextDouble(), at),
    };

    private static Fact Trained(string model, int n, DateTimeOffset at) => Of(StreamIds.Model(model), EventAliases.ModelTrained,
        new ModelTrained("t" + n / 20, model, $"{model}-v0.{n}", "hash", "s1", "sha", 9, new Dictionary<string, string> { ["tau"] = "4" }, 7, 1, "rev", false, [new("model.bin", "ab", 12)], 1.25, 12, at));

    private static Fact Evaluated(string model, int n, double hits, DateTimeOffset at) => Of(StreamIds.Model(model), EventAliases.ModelEvaluated,
        new ModelEvaluated(model, $"{model}-v0.{n}", "leave-last-out", new Dictionary<string, double> { ["hr@10"] = hits }, at));

    private static RecommendationServed Slate(Random random, string user, DateTimeOffset at) => new(
        "r", user, 3, ["1", "2", "3"], [3, 2, 1], "popularity", "popularity-v0." + random.Next(3), 1, random.Next(2) == 0 ? "live" : "probe", random.Next(2) == 0, null,
        0, "0", 1, 1, new(1), random.NextDouble() * 3, at, random.Next(2) == 0 ? null : [new("e", "a"), new("d", "b")], null, random.Next(2) == 0 ? null : [4.5f, 3.25f, 1f]);

    private static Fact Of<T>(string stream, string alias, T body, string? correlation = null)
        => new(stream, alias, JsonSerializer.Serialize(body, (System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>)EventJson.Default.GetTypeInfo(typeof(T))!), correlation);
}
