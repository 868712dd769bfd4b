namespace Recs.EventStore.Appending;

/// <summary>The stream was not at the version that the writer expected.</summary>
public sealed class ConcurrencyException(string streamId, long expected, long actual)
    : Exception($"Stream '{streamId}' is at version {actual}, not at the expected version {expected}. Read it again and decide anew.")
{
    /// <summary>Stream.</summary>
    public string StreamId { get; } = streamId;
    /// <summary>Version that the writer expected.</summary>
    public long Expected { get; } = expected;
    /// <summary>Version that the store found.</summary>
    public long Actual { get; } = actual;
}

/// <summary>The stream was archived; nothing can be appended to it.</summary>
public sealed class StreamArchivedException(string streamId) : Exception($"Stream '{streamId}' is archived: nothing can be appended to it.")
{
    /// <summary>Stream.</summary>
    public string StreamId { get; } = streamId;
}

/// <summary>An event with this id is in the log already.</summary>
public sealed class DuplicateEventException(Guid eventId) : Exception($"Event '{eventId}' is in the log already.")
{
    /// <summary>Event id.</summary>
    public Guid EventId { get; } = eventId;
}

/// <summary>The connection was lost around the commit, and it could not be found out whether the append was stored.</summary>
public sealed class AppendOutcomeUnknownException(Exception cause) : Exception(
    "The connection was lost before the commit was confirmed, and the log could not be asked in time: the append may be stored or not. "
    + "Append it again with the same event ids; if it is stored already, that is refused as a duplicate.", cause);
