using Npgsql;

namespace Recs.EventStore.Importing;

/// <summary>An event of an import and the stream it goes to.</summary>
public readonly record struct ImportedEvent(string StreamId, NewEvent Event);

/// <summary>How far an import is.</summary>
/// <param name="Position">Events of the input that are committed or known as duplicates, from its start.</param>
/// <param name="Total">Events of the input.</param>
/// <param name="Stored">Events stored by this run.</param>
/// <param name="Duplicates">Events that were in the log already, counted by this run.</param>
public readonly record struct ImportProgress(long Position, long Total, long Stored, long Duplicates);

/// <summary>The input of an import: events by position, the same at each call, so that a killed import can resume.</summary>
public interface IImportSource
{
    /// <summary>Identifies input and mapping; a checkpoint of the same key is resumed.</summary>
    string Key { get; }
    /// <summary>Number of events.</summary>
    long Count { get; }
    /// <summary>Writes the events <c>[from, from + target.Length)</c>. Called from several threads at once.</summary>
    void Read(long from, Span<ImportedEvent> target);
    /// <summary>Statements that commit with the range <c>[from, to)</c>, beside the store's own checkpoint.</summary>
    IReadOnlyList<Appending.SideRow> SideRows(long from, long to);
}

/// <summary>
/// Stores a large ordered input by parallel COPY, committed in order in ranges, each with its checkpoint: a kill leaves a prefix. The result is
/// the same as appending one by one. Event ids must be deterministic: a second run adds nothing and counts duplicates.
/// </summary>
public sealed class BulkImport(NpgsqlDataSource source, EventStoreOptions options)
{
    /// <summary>Runs or resumes the import.</summary>
    public Task<ImportProgress> RunAsync(IImportSource input, IProgress<ImportProgress>? progress = null, int workers = 2, int rangeSize = 50_000, CancellationToken cancel = default) => throw new NotImplementedException();

    private readonly (NpgsqlDataSource, EventStoreOptions) _ = (source, options);
}
