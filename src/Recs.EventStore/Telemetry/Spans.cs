using System.Diagnostics;

namespace Recs.EventStore.Telemetry;

/// <summary>
/// Spans that serve many traces at once: one commit for many appends, one projection batch for many events. Such a span belongs to the first recorded trace, so
/// that a lone request is one trace from end to end, and is linked to all of them.
/// </summary>
internal static class Spans
{
    /// <summary>What collectors keep of the links of one span.</summary>
    private const int MostLinks = 128;

    /// <summary>Starts a span; null if nobody records it. Ask first whether anybody listens, so that nothing is gathered for nobody.</summary>
    /// <param name="name">Name.</param>
    /// <param name="kind">Kind.</param>
    /// <param name="traces">Contexts of what is served; defaults among them are left out.</param>
    /// <param name="tags">Tags.</param>
    public static Activity? Start(string name, ActivityKind kind, IEnumerable<ActivityContext> traces, params IEnumerable<KeyValuePair<string, object?>> tags)
    {
        var served = traces.Where(context => context != default).Distinct().Take(MostLinks).ToList();
        var first = served.Find(context => context.TraceFlags.HasFlag(ActivityTraceFlags.Recorded));
        return EventStoreTelemetry.Activities.StartActivity(kind, first, tags, served.Select(context => new ActivityLink(context)), name: name);
    }
}
