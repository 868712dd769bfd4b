using System.Data;
using Npgsql;
using Recs.EventStore.Evolving;
using Recs.EventStore.Following;

namespace Recs.EventStore.Projecting;

/// <summary>
/// Rebuilds and verifies projections by folding in memory over a COPY of the log. A rebuild folds beside the running shard and then, in one transaction,
/// locks the progress row, replaces the tables and sets the row; the shard finds itself fenced and goes on from there.
/// </summary>
public sealed class ProjectionRebuild(NpgsqlDataSource source, EventStoreOptions options, EventTypes types)
{
    private readonly LogFold fold = new(options, types);

    /// <summary>
    /// Folds the log through the safe ceiling and replaces the tables and the progress row in one transaction. A running daemon goes on from there, a
    /// stopped shard starts again; clears a stop because of a late event.
    /// </summary>
    /// <param name="projection">What to rebuild.</param>
    /// <param name="progress">Log positions done and to do.</param>
    /// <param name="cancel">Stops; the tables stay as they were.</param>
    /// <returns>Events folded and the position reached.</returns>
    /// <exception cref="InvalidDataException">An event cannot be folded; the message names it. The tables stay as they were.</exception>
    public async Task<(long Events, long Through)> RebuildAsync(
        IProjection projection, IProgress<(long Done, long Total)>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(projection);
        var shard = new ShardProgress(options.Schema, projection.Name);
        await using var connection = await source.OpenConnectionAsync(cancel);
        await ExecuteAsync(connection, "select pg_advisory_lock(hashtextextended($1, 0))", cancel, shard.RebuildLock);
        try
        {
            while (true)
            {
                var read = await FoldAsync(connection, projection, shard, progress, cancel);
                if (await ReplaceAsync(connection, projection, shard, read, cancel)) return (read.Events, read.Through);
            }
        }
        finally
        {
            if (connection.FullState == ConnectionState.Open)
                await ExecuteAsync(connection, "select pg_advisory_unlock(hashtextextended($1, 0))", CancellationToken.None, shard.RebuildLock);
        }
    }

    /// <summary>
    /// Folds the log through the projection's own progress in memory and compares with its tables row by row, as text, in one repeatable-read view.
    /// A rebuild that replaces the tables just then is waited for, and one that would replace them waits for the end of the comparison.
    /// </summary>
    /// <returns>Null if equal, else the first difference.</returns>
    public async Task<string?> VerifyAsync(IProjection projection, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(projection);
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        // Before anything is read, for that fixes the view: to a view from before its commit, the TRUNCATE of a rebuild leaves the tables empty.
        await ExecuteAsync(connection, $"lock table {string.Join(", ", projection.Tables)} in access share mode", cancel);
        var through = await new ShardProgress(options.Schema, projection.Name).ReadAsync(connection, cancel);
        var state = projection.BeginFold();
        try
        {
            await fold.RunAsync(connection, projection, state, through, null, cancel);
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
        var fresh = projection.Tables.ToDictionary(t => t, t => "fresh_" + t.Replace('.', '_'), StringComparer.Ordinal);
        foreach (var (table, copy) in fresh) await ExecuteAsync(connection, $"create temporary table {copy} (like {table} including defaults including generated including indexes) on commit drop", cancel);
        await state.WriteAsync(connection, t => fresh[t], cancel);
        foreach (var (table, copy) in fresh)
            if (await DifferenceAsync(connection, table, copy, cancel) is { } difference)
                return $"{difference} (through position {through})";
        return null;
    }

    /// <summary>What one pass over the log gave, and what it could not have seen.</summary>
    private sealed record Read(IProjectionFold State, long Events, long Through, long[] GapsFirst, long[] GapsLast, long[] Late);

    private async Task<Read> FoldAsync(
        NpgsqlConnection connection, IProjection projection, ShardProgress shard, IProgress<(long Done, long Total)>? progress, CancellationToken cancel)
    {
        var end = new LogEnd(options.Schema, options.Clock);
        var (mark, _) = await end.ReadAsync(connection, cancel);
        (mark, var persisted) = await end.AdvanceAsync(connection, mark, cancel);
        if (!persisted) await end.PersistAsync(connection, mark, cancel);

        await using var view = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        var first = await NumbersAsync(connection, $"select first_seq from {options.Schema}.recs_gaps where first_seq <= {mark} order by first_seq", cancel);
        var last = await NumbersAsync(connection, $"select last_seq from {options.Schema}.recs_gaps where first_seq <= {mark} order by first_seq", cancel);
        var late = await NumbersAsync(connection, $"select seq_id from {options.Schema}.recs_late_events where shard = '{shard.Name}'", cancel);
        var state = projection.BeginFold();
        var events = await fold.RunAsync(connection, projection, state, mark, progress, cancel);
        await view.CommitAsync(cancel);
        return new(state, events, mark, first, last, late);
    }

    /// <summary>False if an event turned up meanwhile at a number that the fold had passed as gone: fold again.</summary>
    private async Task<bool> ReplaceAsync(NpgsqlConnection connection, IProjection projection, ShardProgress shard, Read read, CancellationToken cancel)
    {
        await shard.EnsureAsync(connection, cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await ExecuteAsync(connection, $"select from {options.Schema}.mt_event_progression where name = $1 for update", cancel, shard.Name);
        var missed = await NumbersAsync(
            connection, $"select e.seq_id from unnest($1, $2) as g(first, last) join {options.Schema}.mt_events e on e.seq_id between g.first and g.last limit 1", cancel,
            read.GapsFirst, read.GapsLast);
        if (missed.Length > 0) return false;

        await ExecuteAsync(connection, $"truncate {string.Join(", ", projection.Tables)}", cancel);
        await read.State.WriteAsync(connection, t => t, cancel);
        await ExecuteAsync(
            connection, $"update {options.Schema}.mt_event_progression set last_seq_id = $2, last_updated = transaction_timestamp() where name = $1", cancel, shard.Name, read.Through);
        await ExecuteAsync(connection, $"delete from {options.Schema}.recs_late_events where shard = $1 and seq_id = any($2)", cancel, shard.Name, read.Late);
        await transaction.CommitAsync(cancel);
        await ExecuteAsync(connection, $"analyze {string.Join(", ", projection.Tables)}", cancel);
        return true;
    }

    private static async Task<string?> DifferenceAsync(NpgsqlConnection connection, string table, string copy, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"""
             with stored as (select t::text as line from {table} t), fresh as (select t::text as line from {copy} t)
             (select line, true from stored except all select line, true from fresh)
             union all
             (select line, false from fresh except all select line, false from stored)
             order by line limit 1
             """, connection)
        { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancel);
        if (!await reader.ReadAsync(cancel)) return null;
        var line = reader.GetString(0);
        return $"{table}: the row {(line.Length > 300 ? line[..300] + "..." : line)} is {(reader.GetBoolean(1) ? "stored but a fresh fold does not give it" : "given by a fresh fold but not stored")}";
    }

    private static async Task<long[]> NumbersAsync(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var numbers = new List<long>();
        while (await reader.ReadAsync(cancel)) numbers.Add(reader.GetInt64(0));
        return [.. numbers];
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = Command(connection, sql, values);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
