namespace Recs.EventStore.Appending;

/// <summary>
/// Decides which batches note their position and time in <c>recs_log_time</c>: the first, then one per second of recorded time or per 10,000 events,
/// whichever comes first. Only how far a search by time has to read depends on it, never what it finds.
/// </summary>
internal sealed class LogTimeMarks
{
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);
    private const int EventsApart = 10_000;

    private readonly Lock gate = new();
    private DateTimeOffset last = DateTimeOffset.MinValue;
    private long since;

    /// <summary>Whether a batch of this time and size shall carry a mark; counts it either way.</summary>
    public bool Due(DateTimeOffset now, int events)
    {
        if (events == 0) return false;
        lock (gate)
        {
            since += events;
            // Also when the clock went back: a mark must be able to tell.
            if (since < EventsApart && last <= now && now - last < Apart) return false;
            (last, since) = (now, 0);
            return true;
        }
    }
}
