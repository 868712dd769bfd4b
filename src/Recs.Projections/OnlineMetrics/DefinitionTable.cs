using Npgsql;
using NpgsqlTypes;
using static Recs.Projections.OnlineMetrics.OnlineTables;

namespace Recs.Projections.OnlineMetrics;

/// <summary>The last definition of each metric that an event defined.</summary>
internal static class DefinitionTable
{
    private const string Columns = "name, outcomes, window_seconds, unit, minimal_rating, minimal_minutes, defined_by, reason, at, sequence";

    public static string Select { get; } = $"select {Columns} from {Definitions} order by name collate \"C\"";

    /// <summary>Reads the rows of <see cref="Select"/>.</summary>
    public static async Task<List<MetricDefinition>> ReadAsync(NpgsqlDataReader row, CancellationToken cancel)
    {
        var definitions = new List<MetricDefinition>();
        while (await row.ReadAsync(cancel))
            definitions.Add(new(
                row.GetString(0), row.GetFieldValue<string[]>(1), TimeSpan.FromSeconds(row.GetInt32(2)), Enum.Parse<MetricUnit>(row.GetString(3), ignoreCase: true),
                row.IsDBNull(4) ? null : row.GetDouble(4), row.GetInt32(5), row.GetString(6), row.GetString(7), row.GetFieldValue<DateTimeOffset>(8)));
        return definitions;
    }

    /// <summary>Writes definitions over the ones of their names.</summary>
    public static async Task WriteAsync(IEnumerable<(MetricDefinition Definition, long Sequence)> definitions, NpgsqlConnection connection, string table, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (d, sequence) in definitions)
            batch.Add(
                $"""
                 insert into {table} ({Columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                 on conflict (name) do update set outcomes = excluded.outcomes, window_seconds = excluded.window_seconds, unit = excluded.unit, minimal_rating = excluded.minimal_rating,
                   minimal_minutes = excluded.minimal_minutes, defined_by = excluded.defined_by, reason = excluded.reason, at = excluded.at, sequence = excluded.sequence
                 """,
                new() { Value = d.Name }, Array(d.Outcomes), new() { Value = (int)d.Window.TotalSeconds }, new() { Value = d.Unit.ToString().ToLowerInvariant() },
                new() { Value = (object?)d.MinimalRating ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Double }, new() { Value = d.MinimalMinutes },
                new() { Value = d.By ?? "" }, new() { Value = d.Reason ?? "" }, new() { Value = (d.At ?? default).ToUniversalTime() }, new() { Value = sequence });
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(cancel);
    }
}
