using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Recs.Queries.Asking;

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
public sealed record RecommendQuery(
    string UserId, int K, string? Model, string? Genre, IReadOnlyList<string> Exclude, long MinSequence, TimeSpan Wait, bool PlainText)
{
    private const int DefaultK = 20, MostK = 100, MostExcluded = 1000;
    private static readonly string[] Known = ["k", "model", "genre", "exclude", "minSequence", "wait"];

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
        var query = new RecommendQuery(
            userId, (int)read.Number("k", DefaultK, 1, MostK, "a whole number from 1 to 100"), read.Text("model"), read.Text("genre"), read.Ids("exclude", MostExcluded),
            read.MinSequence(), read.Wait(), request.Headers.Accept.Count > 0 && WantsPlainText(request.GetTypedHeaders().Accept));
        return errors.Count > 0 ? null : query;
    }
}
