namespace Recs.EventStore.Projecting;

/// <summary>Which aliases the newest parts of the log hold, so that a shard need not read what cannot concern it. Safe for many threads.</summary>
internal sealed class RecentTypes
{
    private const int Kept = 256;

    private sealed record Segment(long After, long Through, HashSet<string> Types);

    private readonly Lock gate = new();
    private readonly LinkedList<Segment> segments = [];

    /// <summary>Puts down the aliases of the events after a position up to and with another.</summary>
    public void Add(long after, long through, HashSet<string> types)
    {
        lock (gate)
        {
            segments.AddLast(new Segment(after, through, types));
            if (segments.Count > Kept) segments.RemoveFirst();
        }
    }

    /// <summary>False only if it is known that the stretch holds none of the aliases.</summary>
    public bool MayHold(long after, long through, IReadOnlyList<string> types)
    {
        lock (gate)
        {
            var reached = through;
            for (var node = segments.Last; node is not null && reached > after; node = node.Previous)
            {
                var segment = node.Value;
                if (segment.After >= reached) continue;
                if (segment.Through < reached || types.Any(segment.Types.Contains)) return true;
                reached = segment.After;
            }
            return reached > after;
        }
    }
}
