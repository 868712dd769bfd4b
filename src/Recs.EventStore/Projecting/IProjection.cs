using Npgsql;

namespace Recs.EventStore.Projecting;

/// <summary>Folds events into SQL tables. It never decides, reads no clock, and its writes commit with its progress.</summary>
public interface IProjection
{
    /// <summary>Name without a colon; the progress row is <c>{Name}:All</c>, as in Marten.</summary>
    string Name { get; }
    /// <summary>Aliases that it folds.</summary>
    IReadOnlyList<string> Types { get; }
    /// <summary>Folds a batch (in log order) through the open transaction.</summary>
    Task ApplyAsync(IReadOnlyList<RecordedEvent> events, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken cancel);
    /// <summary>Starts a fold in memory for a rebuild or a check.</summary>
    IProjectionFold BeginFold();
    /// <summary>Tables that it owns, schema-qualified: truncated by a rebuild, compared by a check.</summary>
    IReadOnlyList<string> Tables { get; }
    /// <summary>Shortest time between two batches, as long as few events wait. A projection whose batch costs much and whose readers can wait leaves more of the machine to the others.</summary>
    TimeSpan BatchEvery => TimeSpan.Zero;
}

/// <summary>A fold in memory over the whole log, from empty.</summary>
public interface IProjectionFold
{
    /// <summary>Folds one event.</summary>
    void Apply(in RawEvent e);
    /// <summary>Writes each row once (binary COPY) into the tables; <paramref name="table"/> maps an owned table to where the rows shall go (the table itself, or a temporary copy of it for a check).</summary>
    Task WriteAsync(NpgsqlConnection connection, Func<string, string> table, CancellationToken cancel);
}

/// <summary>A row of the log as it comes over COPY, after upcasting; spans are valid during the call only.</summary>
public readonly ref struct RawEvent(long sequence, long version, ReadOnlySpan<byte> streamId, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data, DateTimeOffset timestamp, ReadOnlySpan<byte> correlationId)
{
    /// <summary>Position in the log.</summary>
    public long Sequence { get; } = sequence;
    /// <summary>Position in the stream.</summary>
    public long Version { get; } = version;
    /// <summary>UTF-8.</summary>
    public ReadOnlySpan<byte> StreamId { get; } = streamId;
    /// <summary>UTF-8 alias.</summary>
    public ReadOnlySpan<byte> Type { get; } = type;
    /// <summary>UTF-8 JSON object.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;
    /// <summary>Recorded time.</summary>
    public DateTimeOffset Timestamp { get; } = timestamp;
    /// <summary>UTF-8; empty for none.</summary>
    public ReadOnlySpan<byte> CorrelationId { get; } = correlationId;
}
