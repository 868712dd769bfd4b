namespace Recs.EventStore.Appending;

/// <summary>
/// Decides which batches note their position and time in <c>recs_log_time</c>: the first, then one per second of recorded time or per 10,000 events,
/// whichever comes first. A batch whose time lies before the last mark's carries none: it waited for a lock while others were stored, or the clock was
/// set back, and marks shall rise with the log.
/// </summary>
internal sealed class LogTimeMarks
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);
    private const int EventsApart = 10_000;

    private readonly Lock gate = new();
    private DateTimeOffset last = DateTimeOffset.MinValue;
    private long since;

    /// <summary>SQL condition: no mark of any process before this position is newer than this time.</summary>
    public static string Rises(string schema, string position, string time) =>
        $"(select m.timestamp from {schema}.recs_log_time m where m.seq_id < {position} order by m.timestamp desc, m.seq_id desc limit 1) > {time} is not true";

    /// <summary>Whether a batch of this time and size shall carry a mark; counts it either way.</summary>
    public bool Due(DateTimeOffset now, int events)
    {
        if (events == 0) return false;
        lock (gate)
        {
            since += events;
            if (now < last || (since < EventsApart && now - last < Apart)) return false;
            (last, since) = (now, 0);
            return true;
        }
    }
}
