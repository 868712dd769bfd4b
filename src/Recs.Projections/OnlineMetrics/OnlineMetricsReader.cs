using System.Data;
using Npgsql;
using NpgsqlTypes;
using Recs.EventStore;

namespace Recs.Projections.OnlineMetrics;

/// <summary>More figures than one answer may hold were asked for.</summary>
public sealed class TooManyFiguresException() : Exception($"More than {OnlineMetricsReader.MostFigures:N0} figures: narrow the time, choose a metric or a model, or take a larger bucket.");

/// <summary>Reads the online metrics. They lag behind the log by the projection's lag; every answer names the position that it stands on.</summary>
public sealed class OnlineMetricsReader(NpgsqlDataSource source, EventStoreOptions options)
{
    /// <summary>Most figures in one report.</summary>
    public const int MostFigures = 10_000;
    private const int MostBatches = 200;

    private const string Asked =
        """
        channel = $1 and ($2::text is null or metric = $2) and ($3::text is null or $3 in (model, model_version))
        and ($4::timestamptz is null or hour >= $4) and ($5::timestamptz is null or hour < $5)
        """;

    private readonly string _progress = $"select coalesce((select last_seq_id from {options.Schema}.mt_event_progression where name = 'OnlineMetrics:All'), 0)";

    /// <summary>Every definition in force, by name.</summary>
    public async Task<IReadOnlyList<MetricDefinition>> DefinitionsAsync(CancellationToken cancel = default)
    {
        await using var command = source.CreateCommand(DefinitionTable.Select);
        await using var row = await command.ExecuteReaderAsync(cancel);
        return MetricDefinition.InForce(await DefinitionTable.ReadAsync(row, cancel));
    }

    /// <summary>The figures, all from one view of the database.</summary>
    /// <exception cref="TooManyFiguresException">There are more than <see cref="MostFigures"/>.</exception>
    public async Task<OnlineReport> ReportAsync(OnlineQuery query, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var view = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        await using var batch = new NpgsqlBatch(connection, view);
        batch.Add(_progress);
        batch.Add(DefinitionTable.Select);
        var start = query.Bucket == TimeBucket.All ? "null::timestamptz" : $"date_trunc('{(query.Bucket == TimeBucket.Day ? "day" : "hour")}', hour, 'UTC')";
        const string Series = "metric, model, model_version, variant";
        batch.Add(
            $"""
             select {Series}, {start}, sum(slates)::bigint, sum(converted_slates)::bigint, sum(items)::bigint, sum(converted_items)::bigint
             from {OnlineTables.Shares} where {Asked} group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5 limit {MostFigures + 1}
             """, Parameters(query));
        batch.Add(
            $"""
             select {Series}, {start}, sum(observations)::bigint, sum(total)::double precision, sum(squares)::double precision
             from {OnlineTables.Measures} where {Asked} group by 1, 2, 3, 4, 5 order by 1, 2, 3, 4, 5 limit {MostFigures + 1}
             """, Parameters(query));
        batch.Add(
            $"""
             select {Series}, batch, ratings, squared_errors, first_sequence, last_sequence from {OnlineTables.ErrorBatches}
             where channel = $1 and ($2::text is null or metric = $2) and ($3::text is null or $3 in (model, model_version))
             order by last_sequence desc, 1, 2, 3, 4 limit {MostBatches}
             """, Parameters(query)[..3]);
        await using var row = await batch.ExecuteReaderAsync(cancel);
        await row.ReadAsync(cancel);
        var through = row.GetInt64(0);
        await row.NextResultAsync(cancel);
        var definitions = MetricDefinition.InForce(await DefinitionTable.ReadAsync(row, cancel));
        await row.NextResultAsync(cancel);
        var figures = new List<OnlineFigure>();
        while (await row.ReadAsync(cancel)) figures.Add(Share(row, definitions));
        await row.NextResultAsync(cancel);
        while (await row.ReadAsync(cancel)) figures.Add(Measured(row));
        await row.NextResultAsync(cancel);
        var errors = new List<OnlineErrorBatch>();
        while (await row.ReadAsync(cancel))
            errors.Add(new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4), row.GetInt32(5), Math.Sqrt(row.GetInt64(6) / 1e6 / row.GetInt32(5)), row.GetInt64(7), row.GetInt64(8)));
        if (figures.Count > MostFigures) throw new TooManyFiguresException();
        return new(query.Channel, query.From, query.To, query.Bucket, through, [.. definitions.Where(d => query.Metric is null || d.Name == query.Metric)], figures, errors);
    }

    private static NpgsqlParameter[] Parameters(OnlineQuery query) =>
    [
        new() { Value = query.Channel }, Text(query.Metric), Text(query.Model), Time(query.From), Time(query.To),
    ];

    private static NpgsqlParameter Text(string? value) => new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Time(DateTimeOffset? value) => new() { Value = (object?)value?.ToUniversalTime() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private static OnlineFigure Share(NpgsqlDataReader row, IReadOnlyList<MetricDefinition> definitions)
    {
        var (slates, convertedSlates, items, convertedItems) = (row.GetInt64(5), row.GetInt64(6), row.GetInt64(7), row.GetInt64(8));
        var perItem = definitions.FirstOrDefault(d => d.Name == row.GetString(0))?.Unit == MetricUnit.Item;
        var (converted, all) = perItem ? (convertedItems, items) : (convertedSlates, slates);
        var interval = all == 0 ? null : (ConfidenceInterval?)ConfidenceInterval.OfProportion(converted, all);
        return new(
            row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), StartOf(row), converted, all, all == 0 ? 0 : converted / (double)all,
            interval?.Low, interval?.High, slates, convertedSlates, items, convertedItems);
    }

    private static OnlineFigure Measured(NpgsqlDataReader row)
    {
        var metric = row.GetString(0);
        var (observations, total, squares) = (row.GetInt64(5), row.GetDouble(6), row.GetDouble(7));
        var isError = metric != MetricDefinition.SessionLength;
        if (isError) (total, squares) = (total / 1e6, squares / 1e12);
        var interval = ConfidenceInterval.OfMean(observations, total, squares);
        double Shown(double mean) => isError ? Math.Sqrt(Math.Max(0, mean)) : mean;
        return new(
            metric, row.GetString(1), row.GetString(2), row.GetString(3), StartOf(row), total, observations, Shown(total / observations),
            interval is { } i ? Shown(i.Low) : null, interval is { } j ? Shown(j.High) : null);
    }

    private static DateTimeOffset? StartOf(NpgsqlDataReader row) => row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4);
}
