using Recs.EventStore.Appending;

namespace Recs.EventStore.Importing;

/// <summary>Events of a range that are not in the log yet, in order, and what they add to their streams.</summary>
internal sealed class PlannedRange(long from, ImportRange read)
{
    private readonly Dictionary<string, int> indexes = new(StringComparer.Ordinal);
    private readonly List<string> streams = [];
    private readonly List<int> added = [];
    private readonly List<long> before = [];
    private readonly int[] streamOf = new int[read.Events.Length];
    private int count;

    /// <summary>First position of the input.</summary>
    public long From { get; } = from;
    /// <summary>Position after the last.</summary>
    public long To => read.To;
    /// <summary>Events to store.</summary>
    public ReadOnlySpan<ImportedEvent> Events => read.Events.Span[..count];
    /// <summary>Number of events to store.</summary>
    public int Count => count;
    /// <summary>Events of the range that are known already.</summary>
    public long Duplicates => read.Events.Length - count;
    /// <summary>Ids of the events to store.</summary>
    public HashSet<Guid> Ids { get; } = new(read.Events.Length);
    /// <summary>Streams in the order of their first event.</summary>
    public IReadOnlyList<string> Streams => streams;
    /// <summary>Index of each event's stream in <see cref="Streams"/>.</summary>
    public ReadOnlySpan<int> StreamOf => streamOf.AsSpan(0, count);
    /// <summary>Events that each stream gets.</summary>
    public IReadOnlyList<int> Added => added;
    /// <summary>Version of each stream before the range.</summary>
    public IReadOnlyList<long> Before => before;

    /// <summary>Statements of the input that commit with the range.</summary>
    public IReadOnlyList<SideRow> SideRows() => read.SideRows(Events);

    /// <summary>Gives its memory back to the input.</summary>
    public void Release() => read.Release();

    /// <summary>Keeps an event; it may lie in the buffer itself, at or after the place where it is kept.</summary>
    public void Keep(in ImportedEvent e)
    {
        if (!indexes.TryGetValue(e.StreamId, out var index))
        {
            indexes.Add(e.StreamId, index = streams.Count);
            streams.Add(e.StreamId);
            added.Add(0);
            before.Add(0);
        }
        added[index]++;
        streamOf[count] = index;
        read.Events.Span[count++] = e;
    }

    /// <summary>Index of a stream in <see cref="Streams"/>.</summary>
    public int IndexOf(string stream) => indexes[stream];

    /// <summary>Says at which version a stream is before the range.</summary>
    public void StartAt(string stream, long version) => before[indexes[stream]] = version;
}
