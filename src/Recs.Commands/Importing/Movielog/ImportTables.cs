using Npgsql;
using Recs.EventStore;
using Recs.EventStore.Appending;

namespace Recs.Commands.Importing.Movielog;

/// <summary>What an import keeps beside its events: how many lines came to what, and the rejected ones.</summary>
/// <param name="source">Database.</param>
/// <param name="options">Schema and clock.</param>
/// <param name="importKey">Key of the input.</param>
internal sealed class ImportTables(NpgsqlDataSource source, EventStoreOptions options, string importKey)
{
    /// <summary>Tally of the lines, blank ones too: says where in the file an import that was killed goes on.</summary>
    public const string Lines = "lines";
    /// <summary>Tally of the lines that are not blank.</summary>
    public const string Rows = "rows";
    /// <summary>Tally of the lines that were stored.</summary>
    public const string Stored = "stored";
    /// <summary>Tally of the lines that the log, or an earlier line, said already.</summary>
    public const string Duplicates = "duplicates";
    /// <summary>Tally of the movies that were made from their ids.</summary>
    public const string Movies = "movies";

    /// <summary>Whether a tally counts lines or movies, rather than rejects of one reason.</summary>
    public static bool IsCount(string tally) => tally is Lines or Rows or Stored or Duplicates or Movies;

    /// <summary>Adds counts, by <see cref="Lines"/> and its like or by the reason of rejects.</summary>
    public SideRow Count(IReadOnlyDictionary<string, long> tally) => new(
        $"""
         insert into {options.Schema}.recs_import_tallies as t (import_key, tally, rows) select $1, a.tally, a.rows from unnest($2, $3) as a (tally, rows)
         on conflict (import_key, tally) do update set rows = t.rows + excluded.rows
         """,
        [new() { Value = importKey }, new() { Value = tally.Keys.ToArray() }, new() { Value = tally.Values.ToArray() }]);

    /// <summary>Keeps rejects; those of an earlier run of the same input stay as they are.</summary>
    public SideRow Keep(IReadOnlyList<Reject> rejects) => RejectRows.Keep(options, importKey, rejects);

    /// <summary>The counts of all that was stored so far.</summary>
    public async Task<Dictionary<string, long>> ReadAsync(CancellationToken cancel)
    {
        await using var command = source.CreateCommand($"select tally, rows from {options.Schema}.recs_import_tallies where import_key = $1");
        command.Parameters.Add(new() { Value = importKey });
        await using var row = await command.ExecuteReaderAsync(cancel);
        var tally = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancel)) tally.Add(row.GetString(0), row.GetInt64(1));
        return tally;
    }

    /// <summary>Begins to count anew.</summary>
    public async Task ForgetAsync(CancellationToken cancel)
    {
        await using var command = source.CreateCommand($"delete from {options.Schema}.recs_import_tallies where import_key = $1");
        command.Parameters.Add(new() { Value = importKey });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
