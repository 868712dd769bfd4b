using Microsoft.Extensions.Diagnostics.HealthChecks;
using Recs.EventStore.Projecting;
using Recs.Queries.Serving;

namespace Recs.Host.Listening;

/// <summary>No projection is stopped, and none lags past the bound.</summary>
internal sealed class ProjectionsCheck(ProjectionDaemon daemon, ServingOptions options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var shards = daemon.Health();
        var data = shards.ToDictionary(s => s.Name, s => (object)s.Sequence);
        var stopped = shards.Where(s => s.State == ShardState.Stopped).Select(s => $"{s.Name} is stopped: {s.Reason}").ToList();
        var late = shards.Where(s => s.State != ShardState.Stopped && s.HighWaterMark - s.Sequence > options.LagBound)
            .Select(s => $"{s.Name} is {s.HighWaterMark - s.Sequence} events behind").ToList();
        return Task.FromResult(stopped.Count + late.Count == 0
            ? HealthCheckResult.Healthy($"{shards.Count} projections follow the log.", data)
            : HealthCheckResult.Unhealthy(string.Join("; ", stopped.Concat(late)) + ".", data: data));
    }
}
