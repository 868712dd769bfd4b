using Npgsql;
using NpgsqlTypes;

namespace Recs.EventStore.Appending;

/// <summary>A stream of an append that stands or falls as a whole was refused; the transaction was undone.</summary>
internal sealed class BatchRefusedException() : Exception("A stream of an append that stands or falls as a whole was refused.");

/// <summary>What a writer asks the database: to store a batch, and what became of it.</summary>
internal sealed class BatchTransaction(string schema)
{
    /// <summary>Stores a batch in one transaction.</summary>
    /// <returns>Each append's result, null where its only stream was refused.</returns>
    /// <exception cref="BatchRefusedException">An append of several streams or with side rows was refused: nothing was stored.</exception>
    public async Task<AppendResult?[]> CommitAsync(NpgsqlConnection connection, AppendBatch batch, bool markTime)
    {
        // A batch alone between two syncs is a transaction: one round trip, committed before the server says that it is ready.
        if (!batch.AllOrNothing) return await StoreAsync(connection, batch, markTime);
        await using var transaction = await connection.BeginTransactionAsync();
        var results = batch.EventIds.Length == 0 ? batch.Results([], []) : await StoreAsync(connection, batch, markTime);
        if (batch.Appends.Where((_, i) => results[i] is null).Any(a => a.AllOrNothing)) throw new BatchRefusedException();
        await WriteSideRowsAsync(connection, batch.Appends.Zip(results).Where(a => a.Second is not null)!);
        await transaction.CommitAsync();
        return results;
    }

    /// <summary>Version and archive flag of those of the streams that exist.</summary>
    public async Task<IReadOnlyDictionary<string, (long Version, bool Archived)>> StatesAsync(NpgsqlConnection connection, string[] streams)
    {
        await using var command = new NpgsqlCommand(
            $"select id, coalesce(version, 0), coalesce(is_archived, false) from {schema}.mt_streams where id = any($1)", connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = streams });
        var states = new Dictionary<string, (long, bool)>(StringComparer.Ordinal);
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync()) states[row.GetString(0)] = (row.GetInt64(1), row.GetBoolean(2));
        return states;
    }

    /// <summary>Where the batch's events are in the log, in arrival order, 0 for those that are not: the same id, stream and recorded time.</summary>
    public async Task<(long Sequence, long Version)[]> FindAsync(NpgsqlConnection connection, AppendBatch batch)
    {
        await using var command = new NpgsqlCommand(
            $"select seq_id, version, id, stream_id from {schema}.mt_events where id = any($1) and timestamp = $2", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = batch.EventIds });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = batch.Now });
        var found = new Dictionary<(Guid, string), (long, long)>();
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync()) found[(row.GetGuid(2), row.GetString(3))] = (row.GetInt64(0), row.GetInt64(1));
        return [.. batch.EventIds.Select((id, i) => found.GetValueOrDefault((id, batch.EventStreams[i])))];
    }

    /// <summary>The first of the ids that is in the log, or null.</summary>
    public async Task<Guid?> FirstKnownAsync(NpgsqlConnection connection, Guid[] ids)
    {
        await using var command = new NpgsqlCommand($"select id from {schema}.mt_events where id = any($1) order by array_position($1, id) limit 1", connection);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = ids, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        return await command.ExecuteScalarAsync() as Guid?;
    }

    private async Task<AppendResult?[]> StoreAsync(NpgsqlConnection connection, AppendBatch batch, bool markTime)
    {
        await using var command = new NpgsqlBatch(connection);
        command.BatchCommands.Add(AppendStatement.Command(schema, batch, markTime));
        await command.PrepareAsync(); // once per connection and text; later calls find it there
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        var (versions, drawn) = (row.GetFieldValue<long[]>(0), row.GetFieldValue<long[]>(1));
        await row.NextResultAsync(); // reads through the commit: before this returns, nothing is durable
        return batch.Results(versions, drawn);
    }

    private static async Task WriteSideRowsAsync(NpgsqlConnection connection, IEnumerable<(PendingAppend Append, AppendResult Result)> stored)
    {
        await using var command = new NpgsqlBatch(connection);
        foreach (var (append, result) in stored)
        {
            foreach (var side in append.Request.SideRows ?? [])
            {
                var statement = new NpgsqlBatchCommand(side.Sql);
                // Clones: a parameter belongs to one command, and the batch may have to be run again.
                foreach (var parameter in side.Parameters) statement.Parameters.Add(parameter.Clone());
                foreach (var parameter in side.Landed?.Invoke(result) ?? []) statement.Parameters.Add(parameter);
                command.BatchCommands.Add(statement);
            }
        }

        if (command.BatchCommands.Count > 0) await command.ExecuteNonQueryAsync();
    }
}
