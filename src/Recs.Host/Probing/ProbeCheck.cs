using System.Net;
using System.Text.Json;
using Recs.Contracts;
using Recs.Queries.Serving;

namespace Recs.Host.Probing;

/// <summary>What the service answered to a probe.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Headers">Headers whose names begin with <c>X-Recs-</c>.</param>
/// <param name="Body">The body.</param>
/// <param name="LatencyMs">Milliseconds from the first byte sent to the last received.</param>
internal sealed record ProbeAnswer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, string Body, double LatencyMs);

/// <summary>Judges an answer as the person would who asked for it.</summary>
/// <param name="UserId">Who asked.</param>
/// <param name="K">For how many movies.</param>
/// <param name="MaxLatencyMs">In how many milliseconds they want them.</param>
internal sealed record ProbeCheck(string UserId, int K, double MaxLatencyMs)
{
    /// <summary>Header that repeats a field of the slate.</summary>
    private static readonly (string Header, string Field, Func<SlateAnswer, string?> Of)[] Repeated =
    [
        ("X-Recs-Request-Id", "requestId", slate => slate.RequestId),
        ("X-Recs-Model-Version", "modelVersion", slate => slate.ModelVersion),
    ];

    private static readonly string[] Filled = ["X-Recs-Data-Snapshot", "X-Recs-Code-Revision", "X-Recs-Experiment"];

    /// <summary>What is wrong with the answer; nothing if it is good.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="slate">The slate that it holds; null if it holds none.</param>
    public IReadOnlyList<string> Judge(ProbeAnswer answer, out SlateAnswer? slate)
    {
        slate = null;
        if (answer.Status != HttpStatusCode.OK)
            return [$"status {(int)answer.Status}, expected 200: {Detail(answer.Body)}"];
        try
        {
            slate = JsonSerializer.Deserialize<SlateAnswer>(answer.Body, JsonSerializerOptions.Web);
        }
        catch (JsonException e)
        {
            return [$"the body is no slate: {e.Message}"];
        }
        return slate is { Items: not null } read && read.Items.All(item => item is not null) ? [.. OfSlate(read), .. OfHeaders(read, answer.Headers), .. OfLatency(answer.LatencyMs)] : ["the body is no slate: it has no items"];
    }

    private IEnumerable<string> OfSlate(SlateAnswer slate)
    {
        if (slate.UserId != UserId)
            yield return $"the slate is for user '{slate.UserId}', not for '{UserId}'";
        if (slate.Items.Count != K)
            yield return $"{slate.Items.Count} movies, expected {K}";
        if (slate.Items.GroupBy(item => item.MovieId, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
            yield return $"movie '{twice.Key}' stands in it {twice.Count()} times";
        if (slate.Items.FirstOrDefault(item => !EntityId.IsValid(item.MovieId ?? "")) is { } strange)
            yield return $"'{strange.MovieId}' is no movie id";
        if (slate.Items.FirstOrDefault(item => string.IsNullOrWhiteSpace(item.Title)) is { } nameless)
            yield return $"movie '{nameless.MovieId}' has no title";
        for (var i = 1; i < slate.Items.Count; i++)
            if (!(slate.Items[i].Score <= slate.Items[i - 1].Score)) // not a number is no order either
            {
                yield return $"place {i + 1} has the score {slate.Items[i].Score}, more than the {slate.Items[i - 1].Score} before it";
                yield break;
            }
    }

    private static IEnumerable<string> OfHeaders(SlateAnswer slate, IReadOnlyDictionary<string, string> headers)
    {
        foreach (var (header, field, of) in Repeated)
            if (string.IsNullOrEmpty(of(slate)) || headers.GetValueOrDefault(header) != of(slate))
                yield return $"header {header} is '{headers.GetValueOrDefault(header)}', but {field} is '{of(slate)}'";
        foreach (var header in Filled.Where(header => string.IsNullOrEmpty(headers.GetValueOrDefault(header))))
            yield return $"header {header} is missing";
    }

    private IEnumerable<string> OfLatency(double latencyMs)
    {
        if (latencyMs > MaxLatencyMs)
            yield return $"it took {latencyMs:0} ms, more than {MaxLatencyMs:0} ms";
    }

    private static string Detail(string body)
    {
        try
        {
            using var problem = JsonDocument.Parse(body);
            if (problem.RootElement.ValueKind == JsonValueKind.Object && (problem.RootElement.TryGetProperty("detail", out var text) || problem.RootElement.TryGetProperty("title", out text)))
                return text.ToString();
        }
        catch (JsonException)
        {
            return Cut(body); // whatever answered is no Recs
        }
        return Cut(body);
    }

    private static string Cut(string text) => text.Length == 0 ? "no body" : text.Length > 200 ? text[..200] : text;
}
