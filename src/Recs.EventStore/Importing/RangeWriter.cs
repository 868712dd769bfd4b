using Npgsql;
using NpgsqlTypes;
using Recs.EventStore.Appending;
using Recs.EventStore.Following;

namespace Recs.EventStore.Importing;

/// <summary>
/// A range could not be stored as planned, because somebody else appended to one of its streams; nothing of it is stored. Plan it again.
/// </summary>
internal sealed class RangeConflictException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Stores planned ranges, each in one transaction: events, stream rows, checkpoint, side rows.</summary>
/// <param name="source">Database.</param>
/// <param name="options">Store.</param>
/// <param name="key">Key of the input.</param>
/// <param name="skipForeignKey">
/// Whether the session may skip the foreign key's check of each row; stream rows of the same transaction keep it true.
/// </param>
internal sealed class RangeWriter(NpgsqlDataSource source, EventStoreOptions options, string key, bool skipForeignKey)
{
    /// <summary>
    /// Under this a range in parallel gives up any wait for a lock. It is below PostgreSQL's <c>deadlock_timeout</c>, so that where a live append and a
    /// range wait for each other it is always the range that yields, to be done again.
    /// </summary>
    private const string LockTimeout = "200ms";

    /// <summary>
    /// Copies a range while others are copied, numbered after the range before it and committed after it. Its versions were assumed; if a stream
    /// has moved on, nothing is stored.
    /// </summary>
    /// <param name="range">Range.</param>
    /// <param name="turn">Its place behind the range before it.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="RangeConflictException">A stream was not where it was assumed to be.</exception>
    public async Task StoreInTurnAsync(PlannedRange range, RangeTurn turn, CancellationToken cancel)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            await ExecuteAsync(connection, $"set local lock_timeout = '{LockTimeout}'; {Settings()}", cancel);
            await turn.BeforeDrawn.WaitAsync(cancel);
            var numbers = await SequenceNumbers.DrawAsync(connection, options.Schema, range.Count, cancel);
            turn.Drawn();
            var recorded = options.Clock.GetUtcNow();
            await CopyAsync(connection, range, range.Before, numbers, recorded, cancel);
            await turn.BeforeCommitted.WaitAsync(cancel);
            var before = await FinishAsync(connection, range, numbers, recorded, withStreams: true, cancel);
            for (var i = 0; i < range.Streams.Count; i++)
                if (before[i] != range.Before[i])
                    throw new RangeConflictException(
                        $"Stream '{range.Streams[i]}' is at version {before[i]}, not at {range.Before[i]}: it was appended to meanwhile.");
            await transaction.CommitAsync(cancel);
            turn.Committed();
        }
        catch (PostgresException e) when (IsConflict(e))
        {
            var conflict = new RangeConflictException(e.MessageText, e);
            turn.Fail(conflict);
            throw conflict;
        }
        catch (Exception e)
        {
            turn.Fail(e);
            throw;
        }
    }

    /// <summary>Stores a range alone, the stream rows first and locked: slower, but whoever appends to them waits instead of interfering.</summary>
    /// <exception cref="RangeConflictException">An event of the range was stored by somebody else meanwhile.</exception>
    public async Task StoreAloneAsync(PlannedRange range, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            await ExecuteAsync(connection, Settings(), cancel);
            await using var streams = new NpgsqlBatch(connection) { BatchCommands = { MoveStreams(range, options.Clock.GetUtcNow()) } };
            var before = await ReadStreamsAsync(streams, range, cancel);
            var numbers = await SequenceNumbers.DrawAsync(connection, options.Schema, range.Count, cancel);
            var recorded = options.Clock.GetUtcNow();
            await CopyAsync(connection, range, before, numbers, recorded, cancel);
            await FinishAsync(connection, range, numbers, recorded, withStreams: false, cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (PostgresException e) when (IsConflict(e))
        {
            throw new RangeConflictException(e.MessageText, e);
        }
    }

    private string Settings() => "set local synchronous_commit = on" + (skipForeignKey ? "; set local session_replication_role = replica" : "");

    private static bool IsConflict(PostgresException e) => e.SqlState
        is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected
        or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.SerializationFailure;

    private async Task CopyAsync(
        NpgsqlConnection connection, PlannedRange range, IReadOnlyList<long> before, SequenceNumbers numbers, DateTimeOffset recorded,
        CancellationToken cancel)
    {
        if (range.Count == 0) return;
        var versions = before.ToArray();
        var rows = new CopyRows(recorded);
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"copy {options.Schema}.mt_events ({CopyRows.Columns}) from stdin (format binary)", cancel);
        for (var i = 0; i < range.Count; i++)
        {
            rows.Add(in range.Events[i], numbers[i], ++versions[range.StreamOf[i]]);
            if (!rows.IsFull) continue;
            await copy.WriteAsync(rows.Pending, cancel);
            rows.Clear();
        }
        rows.End();
        await copy.WriteAsync(rows.Pending, cancel);
    }

    /// <summary>The last statements of a range, in one round trip.</summary>
    /// <returns>The version of each stream before the range, if <paramref name="withStreams"/>.</returns>
    private async Task<long[]> FinishAsync(
        NpgsqlConnection connection, PlannedRange range, SequenceNumbers numbers, DateTimeOffset recorded, bool withStreams, CancellationToken cancel)
    {
        var checkpoint = ImportCheckpoint.Advance(options, key, range);
        await using var batch = new NpgsqlBatch(connection);
        if (withStreams) batch.BatchCommands.Add(MoveStreams(range, recorded));
        batch.BatchCommands.Add(checkpoint);
        if (range.Count > 0)
        {
            batch.BatchCommands.Add(MarkTime(numbers[0], recorded));
            batch.BatchCommands.Add(Wake(numbers[range.Count - 1]));
        }
        foreach (var side in range.SideRows())
        {
            if (side.Landed is not null) throw new InvalidOperationException($"A side row of import '{key}' asks where its events landed; an import does not say.");
            var command = new NpgsqlBatchCommand(side.Sql);
            foreach (var parameter in side.Parameters) command.Parameters.Add(parameter);
            batch.BatchCommands.Add(command);
        }
        long[] before = [];
        if (withStreams) before = await ReadStreamsAsync(batch, range, cancel);
        else await batch.ExecuteNonQueryAsync(cancel);
        return checkpoint.RecordsAffected == 1 ? before
            : throw new RangeConflictException($"The checkpoint of import '{key}' is not at {range.From:N0} any more.");
    }

    /// <summary>Creates or moves the stream rows, locked in the key order that every writer of the store keeps.</summary>
    private NpgsqlBatchCommand MoveStreams(PlannedRange range, DateTimeOffset recorded)
    {
        var command = new NpgsqlBatchCommand(
            $"""
             insert into {options.Schema}.mt_streams as s (id, version, timestamp, created)
             select i.id, i.added, $3, $3 from unnest($1, $2) as i (id, added) order by i.id collate "C"
             on conflict (id) do update set version = coalesce(s.version, 0) + excluded.version, timestamp = excluded.timestamp
             returning s.id, s.version, coalesce(s.is_archived, false)
             """);
        command.Parameters.Add(new NpgsqlParameter<string[]>
        {
            TypedValue = [.. range.Streams],
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Varchar,
        });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. range.Added.Select(a => (long)a)] });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = recorded });
        return command;
    }

    private static async Task<long[]> ReadStreamsAsync(NpgsqlBatch batch, PlannedRange range, CancellationToken cancel)
    {
        var before = new long[range.Streams.Count];
        await using var reader = await batch.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
        {
            var stream = range.IndexOf(reader.GetString(0));
            if (reader.GetBoolean(2)) throw new StreamArchivedException(range.Streams[stream]);
            before[stream] = reader.GetInt64(1) - range.Added[stream];
        }
        while (await reader.NextResultAsync(cancel))
        {
            // What the other statements return does not matter; an error of any of them is thrown here.
        }
        return before;
    }

    private NpgsqlBatchCommand MarkTime(long sequence, DateTimeOffset recorded)
    {
        var command = new NpgsqlBatchCommand($"insert into {options.Schema}.recs_log_time (seq_id, timestamp) select $1, $2 where {LogTimeMarks.Rises(options.Schema, "$1", "$2")}");
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = sequence });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = recorded });
        return command;
    }

    /// <summary>Wakes whoever follows the log, as the appender does.</summary>
    private static NpgsqlBatchCommand Wake(long sequence)
    {
        var command = new NpgsqlBatchCommand(AppendChannels.Notify);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = sequence.ToString() });
        return command;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
