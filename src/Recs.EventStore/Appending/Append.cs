using Npgsql;

namespace Recs.EventStore.Appending;

/// <summary>What the writer believes about the stream's version before the append.</summary>
public readonly record struct ExpectedVersion(long Value)
{
    /// <summary>Whatever it is: such an append never loses a race.</summary>
    public static readonly ExpectedVersion Any = new(-1);
    /// <summary>The stream must not exist.</summary>
    public static readonly ExpectedVersion NewStream = new(0);
    /// <summary>The stream must be exactly at <paramref name="version"/> (>= 0).</summary>
    public static ExpectedVersion Exactly(long version) => new(version);
}

/// <summary>Events for one stream, in order.</summary>
public sealed record StreamAppend(string StreamId, ExpectedVersion Expected, IReadOnlyList<NewEvent> Events);

/// <summary>A statement that commits with the events or not at all: an idempotency key, a source offset, a checkpoint, an answer.</summary>
/// <param name="Sql">Positional parameters <c>$1, $2, ...</c>.</param>
/// <param name="Parameters">Values.</param>
public sealed record SideRow(string Sql, IReadOnlyList<NpgsqlParameter> Parameters);

/// <summary>One caller's append: all its streams and side rows, or nothing.</summary>
public sealed record AppendRequest(IReadOnlyList<StreamAppend> Streams, IReadOnlyList<SideRow>? SideRows = null)
{
    /// <summary>One event for one stream.</summary>
    public static AppendRequest One(string streamId, NewEvent e) => new([new StreamAppend(streamId, ExpectedVersion.Any, [e])]);
}

/// <summary>Where a stream's events landed.</summary>
/// <param name="StreamId">Stream.</param>
/// <param name="Version">The stream's version after the append.</param>
/// <param name="Sequences">Log position of each event, in the request's order.</param>
public sealed record StreamPosition(string StreamId, long Version, IReadOnlyList<long> Sequences);

/// <summary>The outcome of an append, durable when the caller gets it. One position per stream, in the request's order.</summary>
public sealed record AppendResult(IReadOnlyList<StreamPosition> Streams)
{
    /// <summary>Highest log position among all events of the append.</summary>
    public long LastSequence => Streams.Max(s => s.Sequences.Count == 0 ? 0 : s.Sequences[^1]);
}
