using System.Text.Json;
using Recs.Host.CommandLine;
using Recs.Host.Observing;

namespace Recs.Host.Simulating;

/// <summary>The clock of a running service, as its <c>/readyz</c> shows it, followed from here.</summary>
internal sealed class FollowedClock(HttpClient http, TimeProvider real)
{
    /// <summary>A service may be started again in another time; who follows its clock looks again after so long.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private MonitoringRoutes.ClockReading reading = new(false, default, 1);
    private long readAt;

    /// <summary>The last reading.</summary>
    public MonitoringRoutes.ClockReading Reading => reading;

    /// <summary>What the service's clock shows now, going by the last reading.</summary>
    public DateTimeOffset Now => reading.Now + (real.GetElapsedTime(readAt) * reading.Speed);

    /// <summary>Reads it, whether the service is ready or not.</summary>
    /// <returns>Why the service is not ready; null if it is.</returns>
    /// <exception cref="UnavailableException">No service answers there, or what answers is no Recs.</exception>
    public async Task<string?> ReadAsync(CancellationToken cancel)
    {
        try
        {
            using var response = await http.GetAsync("readyz", cancel);
            var answer = await response.Content.ReadFromJsonAsync<MonitoringRoutes.Readiness>(JsonSerializerOptions.Web, cancel);
            reading = answer?.Clock ?? throw new UnavailableException($"what answers at {http.BaseAddress} is not a Recs service of this version: its /readyz tells no clock.");
            readAt = real.GetTimestamp();
            return response.IsSuccessStatusCode ? null : string.Join("; ", (answer.Checks ?? []).Where(c => c.Status == "unhealthy").Select(c => $"{c.Name}: {c.Detail}"));
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            throw new UnavailableException($"no service answers at {http.BaseAddress} ({e.GetBaseException().Message}). Start one with 'recs up', or name another with --url.", e);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            throw new UnavailableException($"what answers at {http.BaseAddress} is not a Recs service: its /readyz is no JSON.", e);
        }
    }

    /// <summary>Reads it once the service is ready.</summary>
    /// <param name="patience">How long to wait for that.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="UnavailableException">No service answers there, or it does not get ready.</exception>
    public async Task ReadWhenReadyAsync(TimeSpan patience, CancellationToken cancel)
    {
        var began = real.GetTimestamp();
        while (await ReadAsync(cancel) is { } trouble)
        {
            if (real.GetElapsedTime(began) > patience)
                throw new UnavailableException($"the service at {http.BaseAddress} has not been ready for {patience.TotalSeconds:0} s: {trouble}");
            await Task.Delay(Pause, real, cancel);
        }
    }

    /// <summary>Waits until the service's clock shows a moment.</summary>
    /// <returns>How long ago that was, in real time.</returns>
    public async Task<TimeSpan> WaitUntilAsync(DateTimeOffset moment, CancellationToken cancel)
    {
        while (true)
        {
            if (real.GetElapsedTime(readAt) > Fresh)
                await ReadAsync(cancel);
            var left = (moment - Now) / reading.Speed;
            if (left <= TimeSpan.Zero)
                return -left;
            await Task.Delay(left < Fresh ? left + TimeSpan.FromMilliseconds(1) : Fresh, real, cancel);
        }
    }
}
