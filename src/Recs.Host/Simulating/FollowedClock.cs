using System.Text.Json;
using Recs.Host.CommandLine;
using Recs.Host.Observing;

namespace Recs.Host.Simulating;

/// <summary>The clock of a running service, as its <c>/readyz</c> shows it, followed from here.</summary>
internal sealed class FollowedClock(HttpClient http, TimeProvider real)
{
    /// <summary>A service may be started again in another time; who follows its clock looks again after so long.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private MonitoringRoutes.ClockReading reading = new(false, default, 1);
    private long readAt;

    /// <summary>The last reading.</summary>
    public MonitoringRoutes.ClockReading Reading => reading;

    /// <summary>What the service's clock shows now, going by the last reading.</summary>
    public DateTimeOffset Now => reading.Now + (real.GetElapsedTime(readAt) * reading.Speed);

    /// <summary>Reads it.</summary>
    /// <exception cref="UnavailableException">The service does not answer, or what answers is no Recs.</exception>
    public async Task ReadAsync(CancellationToken cancel)
    {
        try
        {
            using var response = await http.GetAsync("readyz", cancel); // whether it is ready or not, it tells its time
            var answer = await response.Content.ReadFromJsonAsync<Answer>(JsonSerializerOptions.Web, cancel);
            reading = answer?.Clock ?? throw new UnavailableException($"{http.BaseAddress}readyz tells no clock; is this a service of this version?");
            readAt = real.GetTimestamp();
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or NotSupportedException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            throw new UnavailableException($"{http.BaseAddress}readyz does not answer as a Recs service does: {e.Message}", e);
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

    private sealed record Answer(MonitoringRoutes.ClockReading? Clock);
}
