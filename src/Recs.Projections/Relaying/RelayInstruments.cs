using System.Diagnostics.Metrics;

namespace Recs.Projections.Relaying;

/// <summary>What the relay measures: one meter, <c>Recs.Relay</c>. Gauges are shown while a relay runs, by every node that runs one.</summary>
internal sealed class RelayInstruments : IDisposable
{
    private const string Name = "Recs.Relay";
    private static readonly Meter Shared = new(Name);

    private readonly Meter _meter = new(Name);

    /// <summary>Shows a relay's health.</summary>
    public RelayInstruments(Func<RelayHealth> health)
    {
        _meter.CreateObservableGauge("recs_relay_lag_events", () => health() is var h ? Math.Max(0, h.HighWaterMark - h.Sequence) : 0, "{event}", "Log positions between what the broker acknowledged and the high-water mark.");
        _meter.CreateObservableGauge("recs_relay_lag_seconds", () => health().LagSeconds, "s", "Time since the relay was last caught up.");
        _meter.CreateObservableGauge("recs_relay_stopped", () => health().State == RelayState.Stopped ? 1 : 0, null, "1 while an event that cannot be told stops the relay.");
    }

    /// <summary>Messages handed to the client, tag <c>topic</c>; those that are sent again after a failure count again.</summary>
    public static Counter<long> Messages { get; } = Shared.CreateCounter<long>("recs_relay_messages_total", "{message}", "Messages handed to the Kafka client, by topic.");

    /// <summary>Shows nothing any more.</summary>
    public void Dispose() => _meter.Dispose();
}
