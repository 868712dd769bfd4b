using Microsoft.Extensions.Diagnostics.HealthChecks;
using Recs.Host.Composition.Clocks;

namespace Recs.Host.Listening;

/// <summary>Whether this process lives in the same time as all others at its log.</summary>
internal sealed class ClockCheck(LogClock clock) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(clock.Trouble is { } trouble ? HealthCheckResult.Unhealthy(trouble)
            : HealthCheckResult.Healthy(clock.Simulated is { } time ? $"The simulated time {time}." : "Real time."));
}
