using System.Runtime.CompilerServices;
using Npgsql;
using Recs.EventStore.Evolving;

namespace Recs.EventStore.Reading;

/// <summary>Reads streams and the log. Archived events are left out unless asked for; bodies come in their newest shape.</summary>
public sealed class EventReader(NpgsqlDataSource source, EventStoreOptions options, EventTypes types)
{
    /// <summary>Alias of the rows by which Marten's Rich mode fills numbers that it lost. They mean nothing to a reader.</summary>
    public const string Tombstone = "tombstone";

    private const string Columns = "seq_id, id, stream_id, version, type, data, timestamp, correlation_id, causation_id";

    /// <summary>The stream's state, or null if it does not exist.</summary>
    public async Task<StreamState?> FindStreamAsync(string streamId, CancellationToken cancel = default)
    {
        await using var command = source.CreateCommand(
            $"select version, coalesce(is_archived, false), created, timestamp from {options.Schema}.mt_streams where id = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = streamId });
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? new(streamId, row.IsDBNull(0) ? 0 : row.GetInt64(0), row.GetBoolean(1), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset>(3))
            : null;
    }

    /// <summary>A stream's events by version range, both ends included, in order of version.</summary>
    public IAsyncEnumerable<RecordedEvent> ReadStreamAsync(
        string streamId, long fromVersion = 1, long toVersion = long.MaxValue, bool withArchived = false, CancellationToken cancel = default)
        => ReadAsync(
            $"select {Columns} from {options.Schema}.mt_events where stream_id = $1 and version between $2 and $3 and type <> '{Tombstone}' "
            + (withArchived ? "" : "and is_archived = false ") + "order by version",
            [new NpgsqlParameter<string> { TypedValue = streamId }, new NpgsqlParameter<long> { TypedValue = fromVersion }, new NpgsqlParameter<long> { TypedValue = toVersion }],
            cancel);

    /// <summary>The event with the id, or null.</summary>
    public async Task<RecordedEvent?> FindEventAsync(Guid id, CancellationToken cancel = default)
    {
        await foreach (var e in ReadAsync($"select {Columns} from {options.Schema}.mt_events where id = $1", [new NpgsqlParameter<Guid> { TypedValue = id }], cancel))
            return e;
        return null;
    }

    /// <summary>Several streams at once, stream by stream (in no particular order of streams), each in order of version.</summary>
    public IAsyncEnumerable<RecordedEvent> ReadStreamsAsync(IReadOnlyCollection<string> streamIds, CancellationToken cancel = default)
        => ReadAsync(
            $"select {Columns} from {options.Schema}.mt_events where stream_id = any($1) and type <> '{Tombstone}' and is_archived = false order by stream_id, version",
            [new NpgsqlParameter<string[]> { TypedValue = [.. streamIds] }],
            cancel);

    /// <summary>The stream's newest event of the types (older aliases that are upcast into them included), or null.</summary>
    public async Task<RecordedEvent?> FindNewestAsync(string streamId, IReadOnlyCollection<string> onlyTypes, CancellationToken cancel = default)
    {
        var newest = ReadAsync(
            $"select {Columns} from {options.Schema}.mt_events where stream_id = $1 and type = any($2) and is_archived = false order by version desc limit 1",
            [new NpgsqlParameter<string> { TypedValue = streamId }, new NpgsqlParameter<string[]> { TypedValue = [.. types.WithOlder(onlyTypes)] }], cancel);
        await foreach (var e in newest) return e;
        return null;
    }

    /// <summary>Versions and archive flags of those of the streams that exist.</summary>
    public async Task<IReadOnlyDictionary<string, StreamState>> FindStreamsAsync(IReadOnlyCollection<string> streamIds, CancellationToken cancel = default)
    {
        await using var command = source.CreateCommand(
            $"select id, coalesce(version, 0), coalesce(is_archived, false), created, timestamp from {options.Schema}.mt_streams where id = any($1)");
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. streamIds] });
        await using var row = await command.ExecuteReaderAsync(cancel);
        var states = new Dictionary<string, StreamState>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancel))
            states.Add(row.GetString(0), new(row.GetString(0), row.GetInt64(1), row.GetBoolean(2), row.GetFieldValue<DateTimeOffset>(3), row.GetFieldValue<DateTimeOffset>(4)));
        return states;
    }

    /// <summary>Folds whole streams, one after the other (in no particular order of streams), each in order of version, as fast as the log can be read.</summary>
    public Task FoldStreamsAsync(IReadOnlyCollection<string> streamIds, IStreamFold fold, CancellationToken cancel = default)
        => streamIds.Count == 0 ? Task.CompletedTask : new StreamCopy(source, options, types).RunAsync(streamIds, fold, cancel);

    /// <summary>Every event of a type, stream by stream (in no particular order of streams), each in order of version.</summary>
    public IAsyncEnumerable<RecordedEvent> ReadTypeAsync(string type, CancellationToken cancel = default)
        => ReadAsync(
            $"select {Columns} from {options.Schema}.mt_events where type = any($1) and is_archived = false order by stream_id, version",
            [new NpgsqlParameter<string[]> { TypedValue = [.. types.WithOlder([type])] }],
            cancel);

    /// <summary>The newest events of a type, newest first.</summary>
    public IAsyncEnumerable<RecordedEvent> ReadNewestAsync(string type, int count, CancellationToken cancel = default)
        => ReadAsync(
            $"select {Columns} from {options.Schema}.mt_events where type = any($1) and is_archived = false order by seq_id desc limit $2",
            [new NpgsqlParameter<string[]> { TypedValue = [.. types.WithOlder([type])] }, new NpgsqlParameter<int> { TypedValue = count }],
            cancel);

    /// <summary>
    /// The log after a position up to and with another, in order, by type if asked (older aliases that are upcast into the wanted ones
    /// included). It does not look at the high-water mark: past it, a number may still be filled behind the reader.
    /// </summary>
    public IAsyncEnumerable<RecordedEvent> ReadLogAsync(
        long afterSequence, long throughSequence, IReadOnlyCollection<string>? onlyTypes = null, CancellationToken cancel = default)
    {
        var sql = $"select {Columns} from {options.Schema}.mt_events where seq_id > $1 and seq_id <= $2 and is_archived = false and type <> '{Tombstone}' ";
        List<NpgsqlParameter> parameters = [new NpgsqlParameter<long> { TypedValue = afterSequence }, new NpgsqlParameter<long> { TypedValue = throughSequence }];
        if (onlyTypes is not null)
        {
            sql += "and type = any($3) ";
            parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. types.WithOlder(onlyTypes)] });
        }

        return ReadAsync(sql + "order by seq_id", parameters, cancel);
    }

    /// <summary>Folds a stream, as of a version or a recorded time if asked.</summary>
    /// <param name="streamId">Stream; one that does not exist folds to the seed.</param>
    /// <param name="seed">State before the first event.</param>
    /// <param name="fold">State and event to next state.</param>
    /// <param name="asOfVersion">Last version to fold.</param>
    /// <param name="asOfTime">Stops before the first event recorded later: a state is always a prefix of its stream.</param>
    /// <param name="cancel">Stops reading.</param>
    public async Task<T> AggregateAsync<T>(
        string streamId, T seed, Func<T, RecordedEvent, T> fold, long asOfVersion = long.MaxValue, DateTimeOffset? asOfTime = null,
        CancellationToken cancel = default)
    {
        var state = seed;
        await foreach (var e in ReadStreamAsync(streamId, 1, asOfVersion, withArchived: false, cancel))
        {
            if (e.Timestamp > asOfTime) break;
            state = fold(state, e);
        }

        return state;
    }

    /// <summary>
    /// The last log position recorded at or before a time, by <c>recs_log_time</c> and the events after its entry; 0 before the first. An event whose
    /// recorded time lies before that of a mark that it follows (its writer waited for a lock, or the clock was set back) counts from that mark's time on.
    /// </summary>
    public async Task<long> PositionAtAsync(DateTimeOffset time, CancellationToken cancel = default)
    {
        await using var command = source.CreateCommand($"""
            with entry as (
              select coalesce((select seq_id from {options.Schema}.recs_log_time where timestamp <= $1 order by timestamp desc, seq_id desc limit 1), 0) as seq_id),
            bound as (
              select min(l.seq_id) as seq_id from {options.Schema}.recs_log_time l, entry where l.seq_id > entry.seq_id and l.timestamp > $1)
            select e.seq_id from {options.Schema}.mt_events e, entry, bound
            where e.seq_id >= entry.seq_id and (bound.seq_id is null or e.seq_id < bound.seq_id) and e.timestamp <= $1
            order by e.seq_id desc limit 1
            """);
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = time.ToUniversalTime() });
        return await command.ExecuteScalarAsync(cancel) is long position ? position : 0;
    }

    private async IAsyncEnumerable<RecordedEvent> ReadAsync(
        string sql, IEnumerable<NpgsqlParameter> parameters, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var parameter in parameters) command.Parameters.Add(parameter);
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
        {
            var (type, data) = types.Upcast(row.GetString(4), row.GetFieldValue<byte[]>(5));
            yield return new(
                row.GetInt64(0), row.GetGuid(1), row.GetString(2), row.GetInt64(3), type, data, row.GetFieldValue<DateTimeOffset>(6),
                row.IsDBNull(7) ? null : row.GetString(7), row.IsDBNull(8) ? null : row.GetString(8));
        }
    }
}
