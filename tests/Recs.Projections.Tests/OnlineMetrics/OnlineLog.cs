using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Recs.Contracts;
using Recs.Contracts.Metrics;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Users;

namespace Recs.Projections.Tests.OnlineMetrics;

/// <summary>Short names for the facts that online metrics join. Minutes count from noon of a day.</summary>
internal static class OnlineLog
{
    public static readonly DateTimeOffset Noon = new(2022, 5, 6, 12, 0, 0, TimeSpan.Zero);

    public static DateTimeOffset At(double minutes) => Noon.AddMilliseconds(Math.Round(minutes * 60_000));

    public static RecommendationServed Slate(
        string user, double minutes, string items, string request = "r", string channel = "live", string version = "m-v0.1", IReadOnlyList<Assignment>? assignments = null, IReadOnlyList<float>? predicted = null)
        => new(request, user, 3, items.Split(','), [], version[..version.LastIndexOf("-v", StringComparison.Ordinal)], version, 1, channel, true, null, 0, "0", 0, 0, new(1), 1, At(minutes), assignments, null, predicted);

    public static RecommendationObserved Seen(string user, double minutes, string items, string server = "host:8082", int status = 200)
        => new("o", user, server, status, items.Length == 0 ? [] : items.Split(','), 12, At(minutes));

    public static MovieWatched Watched(string user, double minutes, string movie, int minute = 0) => new(user, movie, minute, At(minutes));

    public static MovieRated Rated(string user, double minutes, string movie, double rating) => new(user, movie, rating, At(minutes));

    public static MovieOpened Opened(string user, double minutes, string movie, string? request = null) => new(user, movie, request, At(minutes));

    public static MetricDefined Defined(string name, string outcomes, int seconds, string unit = "slate", double? rating = null, int? minutes = null)
        => new(name, outcomes.Split(','), seconds, unit, rating, minutes, "tests", "to see", Noon);

    public static Fact Of(object e) => e switch
    {
        RecommendationServed s => Of(StreamIds.Recommendations(s.UserId), EventAliases.RecommendationServed, s),
        RecommendationObserved s => Of(StreamIds.Recommendations(s.UserId), EventAliases.RecommendationObserved, s),
        MovieWatched w => Of(StreamIds.User(w.UserId), EventAliases.MovieWatched, w),
        MovieRated r => Of(StreamIds.User(r.UserId), EventAliases.MovieRated, r),
        MovieOpened o => Of(StreamIds.User(o.UserId), EventAliases.MovieOpened, o),
        UserErased u => Of(StreamIds.User(u.UserId), EventAliases.UserErased, u),
        MetricDefined d => Of(StreamIds.Metric(d.Name), EventAliases.MetricDefined, d),
        _ => throw new ArgumentException($"{e.GetType()} is no fact of online metrics."),
    };

    private static Fact Of<T>(string stream, string alias, T body)
        => new(stream, alias, JsonSerializer.Serialize(body, (JsonTypeInfo<T>)EventJson.Default.GetTypeInfo(typeof(T))!));
}
