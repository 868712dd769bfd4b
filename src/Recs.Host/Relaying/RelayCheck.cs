using Microsoft.Extensions.Diagnostics.HealthChecks;
using Recs.Projections.Relaying;

namespace Recs.Host.Relaying;

/// <summary>The relay reaches the broker and is not stopped. Never worse than degraded: nobody who asks this node for anything waits for Kafka.</summary>
internal sealed class RelayCheck(Relay relay) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var health = relay.Health();
        var behind = Math.Max(0, health.HighWaterMark - health.Sequence);
        var data = new Dictionary<string, object> { ["sequence"] = health.Sequence, ["lagEvents"] = behind, ["lagSeconds"] = health.LagSeconds };
        var what = health.State switch
        {
            RelayState.Standby => "another node tells the log to Kafka",
            RelayState.Running => "the log is told to Kafka",
            RelayState.Waiting => $"Kafka is waited for since {health.Since:u}",
            _ => $"stopped since {health.Since:u}",
        };
        var detail = $"{char.ToUpperInvariant(what[0])}{what[1..]}, {behind} events behind.{(health.Reason is null ? "" : " " + health.Reason)}";
        return Task.FromResult(health.State is RelayState.Waiting or RelayState.Stopped ? HealthCheckResult.Degraded(detail, data: data) : HealthCheckResult.Healthy(detail, data));
    }
}
