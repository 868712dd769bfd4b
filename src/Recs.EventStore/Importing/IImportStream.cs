using Recs.EventStore.Appending;

namespace Recs.EventStore.Importing;

/// <summary>
/// The input of an import that is read forward, such as a text of lines: too large to be held in memory, and of positions that are not numbers of events.
/// </summary>
public interface IImportStream
{
    /// <summary>Identifies input and mapping; a checkpoint of the same key is resumed.</summary>
    string Key { get; }

    /// <summary>Position behind the last event, in whatever the input counts, such as bytes.</summary>
    long End { get; }

    /// <summary>Whether positions are numbers of events, so that <c>check</c> can add them up.</summary>
    bool CountsEvents => false;

    /// <summary>Reads the range that begins at a position: always the same for the same position and size, so that a killed import can resume.</summary>
    /// <param name="from">0, or where an earlier range ended; ranges that were not stored are asked for again.</param>
    /// <param name="size">Least or most that the range shall hold, as the input counts what makes an event.</param>
    /// <param name="cancel">Stops.</param>
    ValueTask<ImportRange> ReadAsync(long from, int size, CancellationToken cancel);
}

/// <summary>A stretch of an input as events; possibly none of them.</summary>
/// <param name="to">Position behind it, greater than where it begins.</param>
/// <param name="events">Its events in order; the import owns the memory until it releases the range.</param>
public class ImportRange(long to, Memory<ImportedEvent> events)
{
    /// <summary>Position behind it.</summary>
    public long To => to;

    /// <summary>Its events in order.</summary>
    public Memory<ImportedEvent> Events => events;

    /// <summary>Statements that commit with it, beside the store's own checkpoint; asked for perhaps more than once, so it is pure.</summary>
    /// <param name="stored">Those of its events that are stored; the log holds the others already.</param>
    public virtual IReadOnlyList<SideRow> SideRows(ReadOnlySpan<ImportedEvent> stored) => [];

    /// <summary>The range is stored: its memory may serve the next one. Not called while the input is being read.</summary>
    public virtual void Release() { }
}

/// <summary>An input of known positions, read forward.</summary>
internal sealed class ForwardSource(IImportSource source) : IImportStream
{
    public string Key => source.Key;
    public long End => source.Count;
    public bool CountsEvents => true;

    public ValueTask<ImportRange> ReadAsync(long from, int size, CancellationToken cancel)
    {
        var events = new ImportedEvent[Math.Min(size, source.Count - from)];
        source.Read(from, events);
        return new(new Range(source, from, from + events.Length, events));
    }

    private sealed class Range(IImportSource source, long from, long to, ImportedEvent[] events) : ImportRange(to, events)
    {
        public override IReadOnlyList<SideRow> SideRows(ReadOnlySpan<ImportedEvent> stored) => source.SideRows(from, To);
    }
}
