using Npgsql;

namespace Recs.EventStore.Importing;

/// <summary>How far an input was stored: a row of <c>recs_import_checkpoints</c> that moves in the transaction of each range.</summary>
internal static class ImportCheckpoint
{
    /// <summary>The checkpoint to go on from: that of an earlier run, if its input was as long, or a new one.</summary>
    public static async Task<ImportProgress> BeginAsync(
        NpgsqlConnection connection, EventStoreOptions options, IImportStream input, CancellationToken cancel)
    {
        var (key, total) = (input.Key, input.End);
        var found = await FindAsync(connection, options.Schema, key, cancel);
        if (found is { } begun && begun.Total == total) return begun;
        await using var reset = new NpgsqlCommand(
            $"""
             insert into {options.Schema}.recs_import_checkpoints (key, position, total, stored, duplicates, updated_at, counts_events) values ($1, 0, $2, 0, 0, $3, $4)
             on conflict (key) do update set position = 0, total = excluded.total, stored = 0, duplicates = 0, updated_at = excluded.updated_at,
               counts_events = excluded.counts_events
             """, connection);
        Add(reset.Parameters, key, total, options.Clock.GetUtcNow(), input.CountsEvents);
        await reset.ExecuteNonQueryAsync(cancel);
        return new(0, total, 0, 0);
    }

    /// <summary>Removes checkpoints.</summary>
    public static async Task ForgetAsync(NpgsqlConnection connection, string schema, string[] keys, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand($"delete from {schema}.recs_import_checkpoints where key = any($1)", connection);
        command.Parameters.Add(new() { Value = keys });
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>The checkpoint, or null if no import of this key ever began.</summary>
    public static async Task<ImportProgress?> FindAsync(NpgsqlConnection connection, string schema, string key, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"select position, total, stored, duplicates from {schema}.recs_import_checkpoints where key = $1", connection);
        Add(command.Parameters, key);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        return await reader.ReadAsync(cancel) ? new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)) : null;
    }

    /// <summary>Moves it past a range; changes no row if it is not where the range begins.</summary>
    public static NpgsqlBatchCommand Advance(EventStoreOptions options, string key, PlannedRange range)
    {
        var command = new NpgsqlBatchCommand(
            $"""
             update {options.Schema}.recs_import_checkpoints
             set position = $3, stored = stored + $4, duplicates = duplicates + $5, updated_at = $6 where key = $1 and position = $2
             """);
        Add(command.Parameters, key, range.From, range.To, (long)range.Count, range.Duplicates, options.Clock.GetUtcNow());
        return command;
    }

    private static void Add(NpgsqlParameterCollection parameters, params ReadOnlySpan<object> values)
    {
        foreach (var value in values) parameters.Add(new() { Value = value });
    }
}
