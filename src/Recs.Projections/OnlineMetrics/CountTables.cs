using Npgsql;
using static Recs.Projections.OnlineMetrics.OnlineTables;

namespace Recs.Projections.OnlineMetrics;

/// <summary>Adds counts to the tables of counts. A rebuild adds them to empty ones.</summary>
internal static class CountTables
{
    /// <summary>Pairs in a batch of errors.</summary>
    public const int BatchSize = 1_000;

    private const string Key = "metric, channel, hour, model_version, variant, model";
    private const string SeriesKey = "metric, channel, model, model_version, variant";

    /// <summary>Adds shares, measures and error batches; rows that come to nothing are dropped.</summary>
    public static async Task MergeAsync(
        OnlineCounts counts, IReadOnlyList<MetricDefinition> shares, NpgsqlConnection connection, Func<string, string> table, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        AddShares(batch, counts, shares, table(Shares));
        AddMeasures(batch, counts, table(Measures));
        if (batch.BatchCommands.Count > 0)
        {
            await batch.PrepareAsync(cancel); // once per connection
            await batch.ExecuteNonQueryAsync(cancel);
        }
        await AddErrorsAsync(counts, connection, table(ErrorBatches), cancel);
    }

    /// <summary>Drops all that was counted under a name.</summary>
    public static async Task DropAsync(string metric, NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var table in new[] { Shares, Measures, ErrorBatches })
            batch.Add($"delete from {table} where metric = $1", new NpgsqlParameter<string> { TypedValue = metric });
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private static void AddShares(NpgsqlBatch batch, OnlineCounts counts, IReadOnlyList<MetricDefinition> shares, string table)
    {
        var rows = counts.Cells.SelectMany(c => shares.Select((d, i) => (d.Name, c.Key.Series, c.Key.Hour, c.Value.Slates, c.Value.Items, Converted: c.Value.Converted[i])))
            .Where(r => (r.Slates, r.Items, r.Converted.Slates, r.Converted.Items) != default).ToList();
        if (rows.Count == 0) return;
        batch.Add(
            $"""
             insert into {table} as t ({Key}, slates, converted_slates, items, converted_items) select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             on conflict ({Key}) do update set slates = t.slates + excluded.slates, converted_slates = t.converted_slates + excluded.converted_slates,
               items = t.items + excluded.items, converted_items = t.converted_items + excluded.converted_items
             """,
            [.. Keys(rows, r => (r.Name, r.Series, r.Hour)), Array(rows.Select(r => r.Slates)), Array(rows.Select(r => r.Converted.Slates)), Array(rows.Select(r => r.Items)), Array(rows.Select(r => r.Converted.Items))]);
        if (rows.Exists(r => r.Slates < 0)) batch.Add($"delete from {table} where slates = 0");
    }

    private static void AddMeasures(NpgsqlBatch batch, OnlineCounts counts, string table)
    {
        var rows = counts.Measures.Where(m => (m.Value.Observations, m.Value.Total, m.Value.Squares) != default).ToList();
        if (rows.Count == 0) return;
        batch.Add(
            $"""
             insert into {table} as t ({Key}, observations, total, squares) select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)
             on conflict ({Key}) do update set observations = t.observations + excluded.observations, total = t.total + excluded.total, squares = t.squares + excluded.squares
             """,
            [.. Keys(rows, r => (r.Key.Metric, r.Key.Series, r.Key.Hour)), Array(rows.Select(r => r.Value.Observations)), Array(rows.Select(r => r.Value.Total)), Array(rows.Select(r => r.Value.Squares))]);
        if (rows.Exists(r => r.Value.Observations < 0)) batch.Add($"delete from {table} where observations = 0");
    }

    private static IEnumerable<NpgsqlParameter> Keys<T>(List<T> rows, Func<T, (string Metric, Series Series, long Hour)> key)
    {
        var keys = rows.ConvertAll(r => key(r));
        return
        [
            Array(keys.Select(k => k.Metric)), Array(keys.Select(k => k.Series.Channel)), Array(keys.Select(k => Hours.ToTime(k.Hour))),
            Array(keys.Select(k => k.Series.ModelVersion)), Array(keys.Select(k => k.Series.Variant)), Array(keys.Select(k => k.Series.Model)),
        ];
    }

    /// <summary>A batch of pairs that is being filled.</summary>
    private sealed class ErrorBatch(string metric, Series series, int number)
    {
        public string Metric { get; } = metric;
        public Series Series { get; } = series;
        public int Number { get; } = number;
        public int Ratings { get; set; }
        public long SquaredErrors { get; set; }
        public long First { get; set; }
        public long Last { get; set; }
    }

    private static async Task AddErrorsAsync(OnlineCounts counts, NpgsqlConnection connection, string table, CancellationToken cancel)
    {
        var filled = new List<ErrorBatch>();
        foreach (var pairs in counts.PairsBySeries())
        {
            var open = await LastAsync(pairs.Key.Metric, pairs.Key.Series, connection, table, cancel);
            foreach (var pair in pairs)
            {
                if (open is null || open.Ratings == BatchSize) open = new(pairs.Key.Metric, pairs.Key.Series, (open?.Number ?? 0) + 1) { First = pair.CompleteAt };
                if (filled.Count == 0 || filled[^1] != open) filled.Add(open);
                open.Ratings++;
                open.SquaredErrors += pair.SquaredError;
                open.Last = pair.CompleteAt;
            }
        }
        if (filled.Count == 0) return;
        await using var batch = new NpgsqlBatch(connection);
        batch.Add(
            $"""
             insert into {table} ({SeriesKey}, batch, ratings, squared_errors, first_sequence, last_sequence) select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
             on conflict ({SeriesKey}, batch) do update set ratings = excluded.ratings, squared_errors = excluded.squared_errors, last_sequence = excluded.last_sequence
             """,
            Array(filled.Select(b => b.Metric)), Array(filled.Select(b => b.Series.Channel)), Array(filled.Select(b => b.Series.Model)), Array(filled.Select(b => b.Series.ModelVersion)),
            Array(filled.Select(b => b.Series.Variant)), Array(filled.Select(b => b.Number)), Array(filled.Select(b => b.Ratings)), Array(filled.Select(b => b.SquaredErrors)),
            Array(filled.Select(b => b.First)), Array(filled.Select(b => b.Last)));
        await batch.ExecuteNonQueryAsync(cancel);
    }

    private static async Task<ErrorBatch?> LastAsync(string metric, Series series, NpgsqlConnection connection, string table, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(
            $"select batch, ratings, squared_errors, first_sequence, last_sequence from {table} where ({SeriesKey}) = ($1, $2, $3, $4, $5) order by batch desc limit 1", connection);
        foreach (var value in new[] { metric, series.Channel, series.Model, series.ModelVersion, series.Variant }) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? new(metric, series, row.GetInt32(0)) { Ratings = row.GetInt32(1), SquaredErrors = row.GetInt64(2), First = row.GetInt64(3), Last = row.GetInt64(4) }
            : null;
    }
}
