using Recs.EventStore.Appending;

namespace Recs.EventStore.Importing;

/// <summary>An event of an import and the stream it goes to.</summary>
public readonly record struct ImportedEvent(string StreamId, NewEvent Event);

/// <summary>The input of an import: events by position, the same at each call, so that a killed import can resume.</summary>
public interface IImportSource
{
    /// <summary>Identifies input and mapping; a checkpoint of the same key is resumed.</summary>
    string Key { get; }
    /// <summary>Number of events.</summary>
    long Count { get; }
    /// <summary>Writes the events <c>[from, from + target.Length)</c>.</summary>
    void Read(long from, Span<ImportedEvent> target);
    /// <summary>Statements that commit with the range <c>[from, to)</c>, beside the store's own checkpoint.</summary>
    IReadOnlyList<SideRow> SideRows(long from, long to);
}
