using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Recs.EventStore.Telemetry;

/// <summary>
/// What the store shows to the outside: one activity source and one meter, both named <c>Recs.EventStore</c>. Instruments bear the names that
/// dashboards use; each capability keeps its own beside the code that feeds them (see <see cref="AppendInstruments"/>).
/// </summary>
public static class EventStoreTelemetry
{
    /// <summary>Name of the source and of the meter.</summary>
    public const string Name = "Recs.EventStore";

    /// <summary>Spans.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>Measurements.</summary>
    public static Meter Meter { get; } = new(Name);
}
