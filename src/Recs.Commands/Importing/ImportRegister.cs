using Npgsql;
using Recs.EventStore;

namespace Recs.Commands.Importing;

/// <summary>The runs of imports, a row each in <c>recs_imports</c>.</summary>
internal sealed class ImportRegister(NpgsqlDataSource source, EventStoreOptions options)
{
    /// <summary>Notes that a run begins.</summary>
    /// <returns>Its number, and whether the run before it of the same key was not finished, so that this one goes on from there.</returns>
    public async Task<(long Run, bool Resumes)> BeginAsync(
        string key, string sourceName, string path, string format, string userPrefix, string? header, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            $"""
             insert into {options.Schema}.recs_imports (key, source, path, format, user_prefix, started_at, header) values ($1, $2, $3, $4, $5, $6, $7)
             returning id, exists (select from {options.Schema}.recs_imports b where b.key = $1 and b.finished_at is null
               and b.id = (select max(id) from {options.Schema}.recs_imports where key = $1))
             """);
        Add(command, key, sourceName, path, format, userPrefix, options.Clock.GetUtcNow(), (object?)header ?? DBNull.Value);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetInt64(0), reader.GetBoolean(1));
    }

    /// <summary>Notes how a run ended.</summary>
    public async Task EndAsync(long id, ImportSummary summary, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            $"""
             update {options.Schema}.recs_imports
             set finished_at = $2, input_rows = $3, clean_rows = $4, duplicate_rows = $5, reject_rows = $6 where id = $1
             """);
        Add(command, id, options.Clock.GetUtcNow(), summary.InputRows, summary.CleanRows, summary.DuplicateRows, summary.RejectRows);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static void Add(NpgsqlCommand command, params ReadOnlySpan<object> values)
    {
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
    }
}
