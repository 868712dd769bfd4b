using Recs.EventStore;

namespace Recs.Projections.Relaying;

/// <summary>A page of the log on its way to the broker. It has arrived once every message of it is acknowledged; that is told from several threads.</summary>
internal sealed class PageInFlight(IReadOnlyList<RecordedEvent> events, long through)
{
    /// <summary>Messages that are not acknowledged yet, and one for the page itself while it is being sent.</summary>
    private int _waiting = 1;

    /// <summary>Its events.</summary>
    public IReadOnlyList<RecordedEvent> Events { get; } = events;
    /// <summary>Log position that it reaches.</summary>
    public long Through { get; } = through;
    /// <summary>Everything of it was acknowledged.</summary>
    public bool HasArrived => Volatile.Read(ref _waiting) == 0;

    /// <summary>One more message is under way.</summary>
    public void Sent() => Interlocked.Increment(ref _waiting);

    /// <summary>A message was acknowledged, or all were sent.</summary>
    /// <returns>True if nothing is missing any more.</returns>
    public bool Arrived() => Interlocked.Decrement(ref _waiting) == 0;
}
