using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Recs.EventStore.Following;
using Recs.Queries.Models;
using Recs.Queries.Serving;
using Recs.Queries.UserStates;

namespace Recs.Queries.Monitoring;

/// <summary>What this node holds in memory, observed while it runs: the model that answers, the histories, the distance to the end of the log.</summary>
public sealed class ServingGauges(OpenModels models, LogFollower follower, HighWaterMark mark, UserStateCache users) : IHostedService, IDisposable
{
    private readonly Meter _meter = new("Recs.Queries.Node");

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _meter.CreateObservableGauge("recs_model_info", Champion, null, "1 for the model version that answers requests which name none.");
        _meter.CreateObservableGauge("recs_follower_lag_events", () => Math.Max(0, mark.Current - follower.Through), null, "Log positions between this node's memory and the high-water mark.");
        _meter.CreateObservableGauge("recs_user_states", () => users.Count, null, "People whose history is in this node's memory.");
        _meter.CreateObservableGauge("recs_user_state_bytes", () => users.Bytes, "By", "Bytes that those histories take.");
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Shows them no more.</summary>
    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> Champion()
        => models.Champion is { } champion ? [new(1, new("model", champion.Manifest.Model), new("version", champion.Manifest.Version))] : [];
}
