using System.Globalization;
using System.Text;
using System.Text.Json;
using Recs.Host.CommandLine;

namespace Recs.Host.Simulating.ClosedLoop;

/// <summary>The requests of one visit. Facts have idempotency keys, so that one that is sent again is stored once; what the service refuses is counted with its reason.</summary>
internal sealed class VisitRequests(VisitParts parts, Visitor visitor, int visit)
{
    private int sent;

    /// <summary>Asks for something.</summary>
    /// <param name="route">Name of the route, for the counts.</param>
    /// <param name="path">Path and query.</param>
    /// <returns>Null if the service refused.</returns>
    /// <exception cref="UnavailableException">The service answers no more.</exception>
    public async Task<T?> AskAsync<T>(string route, string path) where T : class
    {
        var answer = await parts.Client.SendAsync(Request, parts.Abort);
        if (answer.Good) return answer.Read<T>();
        parts.Tally.Refused(route, answer);
        return null;

        HttpRequestMessage Request() => new(HttpMethod.Get, path) { Headers = { { "X-Recs-Channel", "simulated" } } };
    }

    /// <summary>Sends a fact.</summary>
    /// <returns>Whether it was stored.</returns>
    /// <exception cref="UnavailableException">The service answers no more.</exception>
    public async Task<bool> SendAsync(string route, object fact) => (await PostAsync(route, JsonSerializer.Serialize(fact), "application/json")).Good;

    /// <summary>Sends facts, one per line.</summary>
    /// <returns>How many were stored.</returns>
    /// <exception cref="UnavailableException">The service answers no more.</exception>
    public async Task<int> SendLinesAsync(string lines)
    {
        var answer = await PostAsync("events", lines, "application/x-ndjson");
        if (!answer.Good) return 0;
        var results = Encoding.UTF8.GetString(answer.Body).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var stored = results.Count(line => line.Contains("\"status\":201", StringComparison.Ordinal));
        if (stored < results.Length) parts.Tally.Refused("events, some lines", answer with { Body = [] });
        return stored;
    }

    private async Task<Answer> PostAsync(string route, string body, string mediaType)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{parts.RunId}-{visitor.UserId}-{visit}-{sent++}");
        var answer = await parts.Client.SendAsync(Request, parts.Abort);
        visitor.Sequence = Math.Max(visitor.Sequence, answer.Sequence);
        if (!answer.Good) parts.Tally.Refused(route, answer);
        return answer;

        HttpRequestMessage Request() => new(HttpMethod.Post, route)
        {
            Content = new StringContent(body, Encoding.UTF8, mediaType),
            Headers = { { "Idempotency-Key", key } },
        };
    }
}
