using System.Net;
using System.Text.Json;
using Recs.Host.CommandLine;

namespace Recs.Host.Simulating.ClosedLoop;

/// <summary>The service's clock at the start of the run.</summary>
/// <param name="Now">What it showed.</param>
/// <param name="Speed">Its seconds per second of real time; 1 for a real clock.</param>
internal sealed record ServiceClock(DateTimeOffset Now, double Speed)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Waits until the service is ready, makes sure that it takes what a simulation sends, and reads its clock.</summary>
    /// <param name="http">The service.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="clock">Real time, which also stands for the clock of a service that shows none.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="UnavailableException">No service answers there, or it does not get ready.</exception>
    /// <exception cref="UsageException">The token does not do.</exception>
    public static async Task<ServiceClock> ReadAsync(HttpClient http, TimeSpan patience, TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            var began = clock.GetTimestamp();
            while (true)
            {
                using var response = await http.GetAsync("readyz", cancel);
                using var ready = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancel));
                if (response.IsSuccessStatusCode)
                {
                    await RequireRightAsync(http, cancel);
                    return Of(ready.RootElement, clock);
                }
                if (clock.GetElapsedTime(began) > patience)
                    throw new UnavailableException($"the service at {http.BaseAddress} has not been ready for {patience.TotalSeconds:0} s: {string.Join("; ", Failing(ready.RootElement))}");
                await Task.Delay(Pause, clock, cancel);
            }
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            throw new UnavailableException($"no service answers at {http.BaseAddress} ({e.GetBaseException().Message}). Start one with 'recs up', or name another with --url.", e);
        }
        catch (JsonException e)
        {
            throw new UnavailableException($"what answers at {http.BaseAddress} is not a Recs service: its /readyz is no JSON.", e);
        }
    }

    private static ServiceClock Of(JsonElement ready, TimeProvider clock) => ready.TryGetProperty("clock", out var shown)
        ? new(shown.GetProperty("now").GetDateTimeOffset().ToUniversalTime(), shown.GetProperty("speed").GetDouble())
        : new(clock.GetUtcNow(), 1);

    /// <summary>Slates of channel simulated, and other people's facts, are for services. What only they may read tells before anything is sent.</summary>
    private static async Task RequireRightAsync(HttpClient http, CancellationToken cancel)
    {
        using var response = await http.GetAsync("users?k=1", cancel);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw new UsageException($"the service at {http.BaseAddress} lets only services and admins simulate people: 'recs token --role service > FILE', then --token-file FILE.");
    }

    private static IEnumerable<string> Failing(JsonElement ready)
        => ready.TryGetProperty("checks", out var checks)
            ? checks.EnumerateArray().Where(c => c.GetProperty("status").GetString() == "unhealthy").Select(c => $"{c.GetProperty("name")}: {c.GetProperty("detail")}")
            : [];
}
