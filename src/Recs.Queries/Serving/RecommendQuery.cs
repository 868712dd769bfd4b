using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Recs.Contracts;

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
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(2), LongestWait = TimeSpan.FromSeconds(30);
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
        var wrong = new Dictionary<string, string[]>();
        errors = wrong;
        var query = request.Query;
        foreach (var name in query.Keys)
            if (!Known.Contains(name, StringComparer.OrdinalIgnoreCase))
                wrong[name] = [$"No such parameter. Known: {string.Join(", ", Known)}."];
        if (!EntityId.IsValid(userId))
            wrong["userId"] = [$"An id is {EntityId.Rule}."];
        var k = Number("k", DefaultK, 1, MostK, "a whole number from 1 to 100");
        var minSequence = Number("minSequence", 0, 0, long.MaxValue, "a log position, 0 or more");
        var wait = Number("wait", (long)DefaultWait.TotalSeconds, 0, (long)LongestWait.TotalSeconds, "whole seconds from 0 to 30");
        var exclude = query["exclude"].SelectMany(v => (v ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToArray();
        if (exclude.Length > MostExcluded)
            wrong["exclude"] = [$"At most {MostExcluded} movies."];
        else if (Array.Find(exclude, id => !EntityId.IsValid(id)) is { } bad)
            wrong["exclude"] = [$"'{bad}' is not an id ({EntityId.Rule})."];
        var genre = Text("genre");
        var model = Text("model");
        var plain = request.Headers.Accept.Count > 0 && WantsPlainText(request.GetTypedHeaders().Accept);
        return wrong.Count > 0 ? null : new(userId, (int)k, model, genre, exclude, minSequence, TimeSpan.FromSeconds(wait), plain);

        string? Text(string name)
        {
            var value = query[name];
            if (value.Count > 1)
                wrong[name] = ["Given more than once."];
            var text = value.Count == 0 ? null : value[0];
            if (text is { Length: 0 })
                wrong[name] = ["Empty."];
            if (text is { Length: > 200 })
                wrong[name] = ["Longer than 200 characters."];
            return text;
        }

        long Number(string name, long otherwise, long least, long most, string rule)
        {
            if (query[name].Count == 0)
                return otherwise;
            if (Text(name) is { } text && long.TryParse(text, System.Globalization.NumberStyles.None, null, out var value) && value >= least && value <= most)
                return value;
            wrong[name] = [$"Expected {rule}, found '{query[name]}'."];
            return otherwise;
        }
    }
}
