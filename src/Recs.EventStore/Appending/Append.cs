using Npgsql;

namespace Recs.EventStore.Appending;

/// <summary>What the writer believes about the stream's version before the append.</summary>
/// <param name="Value">A version from 0, or -1 for <see cref="Any"/>.</param>
public readonly record struct ExpectedVersion(long Value)
{
    /// <summary>Whatever it is: such an append never loses a race.</summary>
    public static readonly ExpectedVersion Any = new(-1);
    /// <summary>The stream must not exist.</summary>
    public static readonly ExpectedVersion NewStream = new(0);
    /// <summary>The stream must be exactly at <paramref name="version"/> (>= 0).</summary>
    public static ExpectedVersion Exactly(long version)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        return new(version);
    }
}

/// <summary>Events for one stream, in order.</summary>
/// <param name="StreamId">Stream.</param>
/// <param name="Expected">What the writer believes about it.</param>
/// <param name="Events">One or more.</param>
public sealed record StreamAppend(string StreamId, ExpectedVersion Expected, IReadOnlyList<NewEvent> Events);

/// <summary>A statement that commits with the events or not at all: an idempotency key, a source offset, a checkpoint, an answer.</summary>
/// <param name="Sql">Positional parameters <c>$1, $2, ...</c>.</param>
/// <param name="Parameters">Values.</param>
/// <param name="Landed">
/// Further values that follow from where the append's events landed, such as the answer to its caller; called inside the transaction, perhaps more than
/// once, so it is pure. Not for imports, whose events have no result.
/// </param>
public sealed record SideRow(string Sql, IReadOnlyList<NpgsqlParameter> Parameters, Func<AppendResult, IReadOnlyList<NpgsqlParameter>>? Landed = null);

/// <summary>
/// One caller's append: all its streams and side rows, or nothing. A stream may occur several times, so that events of many streams keep
/// the order in which they arrived; only its first occurrence may expect a version.
/// </summary>
/// <param name="Streams">What is appended, in the order in which it shall stand in the log.</param>
/// <param name="SideRows">What else commits with it.</param>
public sealed record AppendRequest(IReadOnlyList<StreamAppend> Streams, IReadOnlyList<SideRow>? SideRows = null)
{
    /// <summary>One event for one stream.</summary>
    public static AppendRequest One(string streamId, NewEvent e) => new([new StreamAppend(streamId, ExpectedVersion.Any, [e])]);
}

/// <summary>Where a stream's events landed.</summary>
/// <param name="StreamId">Stream.</param>
/// <param name="Version">The stream's version after these events.</param>
/// <param name="Sequences">Log position of each event, in the request's order.</param>
public sealed record StreamPosition(string StreamId, long Version, IReadOnlyList<long> Sequences);

/// <summary>The outcome of an append, durable when the caller gets it. One position per stream append, in the request's order.</summary>
/// <param name="Streams">Where each part landed.</param>
public sealed record AppendResult(IReadOnlyList<StreamPosition> Streams)
{
    /// <summary>Highest log position among all events of the append; 0 if it had side rows only.</summary>
    public long LastSequence => Streams.Count == 0 ? 0 : Streams.Max(s => s.Sequences[^1]);
}
