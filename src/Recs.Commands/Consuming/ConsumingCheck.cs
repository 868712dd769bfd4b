using Microsoft.Extensions.Diagnostics.HealthChecks;
using Recs.EventStore;

namespace Recs.Commands.Consuming;

/// <summary>Topics are read and stored. It is never unhealthy: without Kafka the service does everything else that it does.</summary>
internal sealed class ConsumingCheck(TopicConsumer consumer, ConsumingOptions options, EventStoreOptions events) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var partitions = consumer.Lanes.Count();
        var lag = consumer.Lag;
        var waiting = lag.Values.Sum();
        var data = new Dictionary<string, object> { ["partitions"] = (long)partitions };
        if (lag.Count > 0) data["lag"] = waiting; // else nobody here knows
        if (consumer.Troubles.ToList() is { Count: > 0 } troubles)
            return Task.FromResult(HealthCheckResult.Degraded(string.Join("; ", troubles) + ".", data: data));
        if (consumer.UnassignedSince is not { } since)
            return Task.FromResult(HealthCheckResult.Healthy($"{partitions} partitions are consumed.", data));
        return Task.FromResult(waiting > 0 && events.WallClock.GetUtcNow() - since > options.UnassignedAfter
            ? HealthCheckResult.Degraded(
                $"No partition is assigned to this process since {since:u}, and {waiting} messages wait: other processes of group '{options.Group}' have the partitions and are behind, "
                + "or the group still waits for one that died (for its session.timeout.ms: 45 s, unless it was set).", data: data)
            : HealthCheckResult.Healthy($"No partition is assigned to this process since {since:u}: other processes of group '{options.Group}' have them, or the group is being joined.", data));
    }
}
