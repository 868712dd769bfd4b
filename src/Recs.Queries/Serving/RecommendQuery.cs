using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Recs.Queries.Asking;
using Recs.Training.Reranking;

namespace Recs.Queries.Serving;

/// <summary>What a caller of <c>GET /recommend/{userId}</c> asks for.</summary>
/// <param name="UserId">Whose slate.</param>
/// <param name="K">Movies, 1 to 100.</param>
/// <param name="Model">Model name or version; null for the champion.</param>
/// <param name="Genre">Only movies of this genre.</param>
/// <param name="Exclude">Movie ids to leave out.</param>
/// <param name="MinSequence">Answer only once the log was read through this position.</param>
/// <param name="Wait">How long to wait for it.</param>
/// <param name="PlainText">Ids in one comma-separated line instead of JSON.</param>
/// <param name="Diversity">Weight of the re-ranker against relevance, 0 to 1; null if it was not given.</param>
/// <param name="Rerank">Name of the re-ranker; null if it was not given.</param>
/// <param name="Explain">Say why each movie is in the slate.</param>
/// <param name="AsOf">Answer as the service would have then; null for now.</param>
/// <param name="HappenedBefore">Look only at what the person did before this time; null for all.</param>
public sealed record RecommendQuery(
    string UserId, int K, string? Model, string? Genre, IReadOnlyList<string> Exclude, long MinSequence, TimeSpan Wait, bool PlainText,
    double? Diversity = null, string? Rerank = null, bool Explain = false, LogMoment? AsOf = null, DateTimeOffset? HappenedBefore = null)
{
    private const int DefaultK = 20, MostK = 100, MostExcluded = 1000;
    private const double UsualWeight = 0.3;
    private static readonly string[] Known = ["k", "model", "genre", "exclude", "diversity", "rerank", "explain", "asOf", "happenedBefore", "minSequence", "wait"];

    /// <summary>Whether it asks for a slate of the past: such a slate is shown, not served, so it is never recorded.</summary>
    public bool OfThePast => AsOf is not null || HappenedBefore is not null;

    /// <summary>Whether the answer shows what the person did: only they and trusted callers may see it.</summary>
    public bool IsPersonal => Explain || OfThePast;

    /// <summary>
    /// What chooses the slate: the re-ranker that was named, or <see cref="Rerankers.Mmr"/> if only a diversity was given, with that diversity for its weight, or 0.3. If neither
    /// was given, what the service does by default. Null, the order of the scores, for a diversity of 0.
    /// </summary>
    /// <param name="byDefault">What the service does for those who do not ask; null for the order of the scores.</param>
    public RerankChoice? RerankOr(RerankChoice? byDefault) => (Rerank, Diversity) switch
    {
        (null, null) => byDefault,
        (_, 0) => null,
        _ => new(Rerank ?? Rerankers.Mmr, Diversity ?? UsualWeight),
    };

    /// <summary>Plain text only if it is preferred to JSON: browsers' libraries accept anything and mean JSON.</summary>
    private static bool WantsPlainText(IList<MediaTypeHeaderValue> accepted)
    {
        double Quality(string type) => accepted.Where(a => a.MatchesMediaType(type)).Select(a => a.Quality ?? 1).DefaultIfEmpty(0).Max();
        var named = accepted.Any(a => a.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase));
        return named && Quality("text/plain") > (accepted.Any(a => a.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)) ? Quality("application/json") : 0);
    }

    /// <summary>The query, or what is wrong with it by parameter.</summary>
    public static RecommendQuery? Parse(HttpRequest request, string userId, out Dictionary<string, string[]> errors)
    {
        var read = new QueryReader(request, Known);
        errors = read.Errors;
        read.CheckId("userId", userId);
        var (asOf, before) = (Moment(read), read.Time("happenedBefore"));
        if (asOf is not null && before is not null)
            read.Wrong("happenedBefore", "Not together with asOf: one cuts by when a fact was recorded, the other by when it happened.");
        var query = new RecommendQuery(
            userId, (int)read.Number("k", DefaultK, 1, MostK, "a whole number from 1 to 100"), read.Text("model"), read.Text("genre"), read.Ids("exclude", MostExcluded),
            read.MinSequence(), read.Wait(), request.Headers.Accept.Count > 0 && WantsPlainText(request.GetTypedHeaders().Accept),
            read.Share("diversity"), read.OneOf("rerank", null, Rerankers.Names), read.Flag("explain"), asOf, before);
        if (errors.TryGetValue("rerank", out var wrong))
            read.Wrong("rerank", $"{wrong[0]} Its weight is a parameter of its own, as in rerank=mmr&diversity=0.3.");
        return errors.Count > 0 ? null : query;
    }

    private static LogMoment? Moment(QueryReader read) => read.Text("asOf") switch
    {
        null => null,
        var text when text.All(char.IsAsciiDigit) => new(read.Number("asOf", 0, 0, long.MaxValue, "a log position or a time"), null),
        _ => read.Time("asOf") is { } time ? new(null, time) : null,
    };
}

/// <summary>A moment of the log: a position, or the last one recorded at or before a time.</summary>
/// <param name="Sequence">The position, if it was given.</param>
/// <param name="Recorded">The recorded time, if that was given.</param>
public readonly record struct LogMoment(long? Sequence, DateTimeOffset? Recorded);
