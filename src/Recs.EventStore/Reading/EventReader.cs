using Npgsql;
using Recs.EventStore.Evolving;

namespace Recs.EventStore.Reading;

/// <summary>A stream's row.</summary>
public sealed record StreamState(string StreamId, long Version, bool Archived, DateTimeOffset Created, DateTimeOffset LastAppend);

/// <summary>Reads streams and the log. Archived events are left out unless asked for.</summary>
public sealed class EventReader(NpgsqlDataSource source, EventStoreOptions options, EventTypes types)
{
    /// <summary>The stream's state, or null if it does not exist.</summary>
    public Task<StreamState?> FindStreamAsync(string streamId, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>A stream's events by version range, both ends included.</summary>
    public IAsyncEnumerable<RecordedEvent> ReadStreamAsync(string streamId, long fromVersion = 1, long toVersion = long.MaxValue, bool withArchived = false, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>The log after a position up to and with another, by type if asked.</summary>
    public IAsyncEnumerable<RecordedEvent> ReadLogAsync(long afterSequence, long throughSequence, IReadOnlyCollection<string>? onlyTypes = null, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Folds a stream, as of a version or a recorded time if asked.</summary>
    public Task<T> AggregateAsync<T>(string streamId, T seed, Func<T, RecordedEvent, T> fold, long asOfVersion = long.MaxValue, DateTimeOffset? asOfTime = null, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>The last log position recorded at or before a time, by <c>recs_log_time</c> and the events after its entry; 0 before the first.</summary>
    public Task<long> PositionAtAsync(DateTimeOffset time, CancellationToken cancel = default) => throw new NotImplementedException();

    private readonly (NpgsqlDataSource, EventStoreOptions, EventTypes) _ = (source, options, types);
}
