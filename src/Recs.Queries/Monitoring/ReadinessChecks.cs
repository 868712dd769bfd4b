using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Recs.EventStore.Following;
using Recs.Queries.Models;
using Recs.Queries.Serving;

namespace Recs.Queries.Monitoring;

/// <summary>The database answers.</summary>
public sealed class DatabaseCheck(NpgsqlDataSource source) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await using var command = source.CreateCommand("select 1");
            await command.ExecuteScalarAsync(cancellationToken);
            return HealthCheckResult.Healthy("The database answers.");
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy($"The database does not answer: {e.Message}");
        }
    }
}

/// <summary>This node's memory is close behind the log.</summary>
public sealed class FollowerCheck(LogFollower follower, HighWaterMark mark, ServingOptions options) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (follower.Fault is { } fault)
            return Task.FromResult(HealthCheckResult.Unhealthy($"This node does not follow the log any more: {fault}"));
        if (mark.Health.Trouble is { } trouble)
            return Task.FromResult(HealthCheckResult.Unhealthy($"The end of the log cannot be seen: {trouble}"));
        if (!follower.Ready.IsCompletedSuccessfully)
            return Task.FromResult(HealthCheckResult.Unhealthy("Still reading the log."));
        var lag = mark.Current - follower.Through;
        var data = new Dictionary<string, object> { ["through"] = follower.Through, ["lagEvents"] = lag };
        if (mark.Health.WaitingFor is { } writers)
            data["waitingFor"] = writers;
        if (follower.Unreadable is { } unreadable)
            return Task.FromResult(HealthCheckResult.Degraded(unreadable, data: data));
        return Task.FromResult(lag <= options.LagBound
            ? HealthCheckResult.Healthy($"Read through {follower.Through}, {lag} events behind.", data)
            : HealthCheckResult.Unhealthy($"{lag} events behind the log; at most {options.LagBound} are allowed.", data: data));
    }
}

/// <summary>A model answers.</summary>
public sealed class ModelCheck(OpenModels models, LogFollower follower) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult((models.Champion, follower.ModelTrouble) switch
        {
            ({ } champion, null) => HealthCheckResult.Healthy($"{champion.Manifest.Version} answers.", new Dictionary<string, object> { ["modelVersion"] = champion.Manifest.Version }),
            ({ } champion, { } trouble) => HealthCheckResult.Degraded($"{trouble} {champion.Manifest.Version} goes on answering."),
            (null, { } trouble) => HealthCheckResult.Unhealthy(trouble),
            _ => HealthCheckResult.Unhealthy("No model is in production. Train one (recs train) and promote it (recs models promote)."),
        });
}

/// <summary>Whether slates are recorded, for all to see.</summary>
public sealed class RecordingCheck(ServingOptions options) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(HealthCheckResult.Healthy(
            options.Record ? "Every slate is appended to the log before it is acknowledged." : "OFF: slates are not appended to the log.",
            new Dictionary<string, object> { ["record"] = options.Record }));
}
