using System.Diagnostics.Metrics;

namespace Recs.EventStore.Telemetry;

/// <summary>What the append path measures.</summary>
public static class AppendInstruments
{
    private static readonly double[] SecondsBuckets =
        [0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    /// <summary>From the call to the durable commit, in seconds, tag <c>outcome</c>: stored, refused, failed.</summary>
    public static Histogram<double> Seconds { get; } = EventStoreTelemetry.Meter.CreateHistogram(
        "recs_append_seconds", "s", "From the call of an append to its durable commit.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = SecondsBuckets });

    /// <summary>Events per commit.</summary>
    public static Histogram<long> BatchEvents { get; } = EventStoreTelemetry.Meter.CreateHistogram(
        "recs_append_batch_events", "{event}", "Events that shared one statement and one commit.",
        advice: new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096] });

    /// <summary>Appends that wait for a writer.</summary>
    public static UpDownCounter<long> QueueDepth { get; } = EventStoreTelemetry.Meter.CreateUpDownCounter<long>(
        "recs_append_queue_depth", "{append}", "Appends that wait for a writer.");

    /// <summary>Events stored, tag <c>type</c>.</summary>
    public static Counter<long> Events { get; } = EventStoreTelemetry.Meter.CreateCounter<long>(
        "recs_events_appended_total", "{event}", "Events stored.");

    /// <summary>Batches that were tried again, tag <c>reason</c>: race (a foreign writer was faster), split (one of its appends failed), connection.</summary>
    public static Counter<long> Retries { get; } = EventStoreTelemetry.Meter.CreateCounter<long>(
        "recs_append_retries_total", "{batch}", "Batches that were tried again.");

    /// <summary>Wake-ups of other processes that could not be sent; they fall back on polling.</summary>
    public static Counter<long> LostNotifications { get; } = EventStoreTelemetry.Meter.CreateCounter<long>(
        "recs_append_notifications_lost_total", "{notification}", "Wake-ups of other processes that could not be sent.");
}
