using System.Diagnostics.Metrics;
using Recs.EventStore.Following;
using Recs.EventStore.Projecting;

namespace Recs.EventStore.Telemetry;

/// <summary>What the projection daemon shows: the lag of each shard, the high-water mark, and numbers passed as gone. Observed while the daemon runs.</summary>
internal sealed class ShardInstruments : IDisposable
{
    private readonly Meter meter = new(Name);

    /// <summary>Name of the meter, the same as the store's.</summary>
    public const string Name = "Recs.EventStore";

    public ShardInstruments(Func<IReadOnlyList<ShardHealth>> health, HighWaterMark mark)
    {
        meter.CreateObservableGauge(
            "recs_projection_lag_events", () => health().Select(s => Of(s, Math.Max(0, s.HighWaterMark - s.Sequence))), "{event}",
            "Log positions between a projection and the high-water mark.");
        meter.CreateObservableGauge(
            "recs_projection_lag_seconds", () => health().Select(s => Of(s, s.LagSeconds)), "s", "Time since a projection was last caught up.");
        meter.CreateObservableGauge(
            "recs_projection_stopped", () => health().Select(s => Of(s, s.State == ShardState.Stopped ? 1 : 0)), "{projection}", "1 for a projection that is stopped.");
        meter.CreateObservableGauge("recs_high_water_mark", () => mark.Current, "{event}", "The log's safe ceiling.");
        meter.CreateObservableCounter("recs_gaps_skipped_total", () => mark.Health.Skipped, "{event}", "Log positions passed as gone.");
    }

    public void Dispose() => meter.Dispose();

    private static Measurement<T> Of<T>(ShardHealth shard, T value) where T : struct => new(value, new KeyValuePair<string, object?>("projection", shard.Name));
}
