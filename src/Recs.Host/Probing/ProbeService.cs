using Recs.Queries.Serving;

namespace Recs.Host.Probing;

/// <summary>What one probe saw.</summary>
/// <param name="At">When, in real time.</param>
/// <param name="Status">HTTP status; null if nothing answered.</param>
/// <param name="LatencyMs">How long it took.</param>
/// <param name="Channel">Channel under which the service counts the slate; null without one.</param>
/// <param name="RequestId">The slate's request id, for its provenance; null without one.</param>
/// <param name="Faults">What was wrong; empty for a good answer.</param>
internal sealed record ProbeResult(DateTimeOffset At, int? Status, double LatencyMs, string? Channel, string? RequestId, IReadOnlyList<string> Faults)
{
    /// <summary>Nothing was wrong.</summary>
    public bool Good => Faults.Count == 0;
}

/// <summary>Asks a service for a slate as a person would, under channel <c>probe</c>, and looks whether it is a good one.</summary>
/// <param name="http">Client of the service.</param>
/// <param name="check">What is expected.</param>
/// <param name="real">Real time.</param>
internal sealed class ProbeService(HttpClient http, ProbeCheck check, TimeProvider real)
{
    private const string Prefix = "X-Recs-", Channel = "X-Recs-Channel", Live = "live";
    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>Asks once.</summary>
    public async Task<ProbeResult> RunAsync(CancellationToken cancel)
    {
        var (at, begun) = (real.GetUtcNow(), real.GetTimestamp());
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"recommend/{Uri.EscapeDataString(check.UserId)}?k={check.K}") { Headers = { { Channel, "probe" } } };
            using var response = await http.SendAsync(request, cancel);
            var body = await response.Content.ReadAsStringAsync(cancel);
            var headers = response.Headers.Where(h => h.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase);
            var answer = new ProbeAnswer(response.StatusCode, headers, body, real.GetElapsedTime(begun).TotalMilliseconds);
            var faults = check.Judge(answer, out var slate);
            if (faults.Count == 0)
                faults = [.. OfChannel(headers), .. await OfCatalogueAsync(slate!, cancel)];
            return new(at, (int)answer.Status, answer.LatencyMs, headers.GetValueOrDefault(Channel), slate?.RequestId, faults);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            return new(at, null, real.GetElapsedTime(begun).TotalMilliseconds, null, null, [e is TaskCanceledException ? $"nothing came within {http.Timeout.TotalSeconds:0} s" : e.Message]);
        }
    }

    /// <summary>A slate of a probe must never count as one of a person.</summary>
    private static IEnumerable<string> OfChannel(Dictionary<string, string> headers)
    {
        if (headers.GetValueOrDefault(Channel, Live) == Live)
            yield return "the service counts the slate as a live one";
    }

    /// <summary>The catalogue has every movie of the slate; each is asked for once.</summary>
    private async Task<IReadOnlyList<string>> OfCatalogueAsync(SlateAnswer slate, CancellationToken cancel)
    {
        foreach (var movie in slate.Items.Select(item => item.MovieId).Where(id => !known.Contains(id)))
        {
            using var response = await http.GetAsync($"movies/{Uri.EscapeDataString(movie)}", cancel);
            if (!response.IsSuccessStatusCode)
                return [$"movie '{movie}' of the slate is not in the catalogue (status {(int)response.StatusCode})"];
            known.Add(movie);
        }
        return [];
    }
}
