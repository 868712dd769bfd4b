using System.Text.Json;
using Npgsql;
using Recs.Commands.Importing;
using Recs.Contracts;
using Recs.Contracts.Quality;
using Recs.EventStore;
using Recs.EventStore.Appending;

namespace Recs.Commands.Validating;

/// <summary>Keeps the verdict on each batch in the log, whether it was let in or not, and knows the earlier ones.</summary>
internal sealed class RecordVerdict(NpgsqlDataSource source, EventStoreOptions options)
{
    private const int MostEarlier = 7;
    private static readonly string DotNetType = $"{typeof(BatchValidated).FullName}, {typeof(BatchValidated).Assembly.GetName().Name}";

    /// <summary>Judges a batch and appends the verdict.</summary>
    /// <param name="run">Number of the run.</param>
    /// <param name="summary">What came of the import.</param>
    /// <param name="found">What reading the batch found.</param>
    /// <param name="how">Options of the import.</param>
    /// <param name="origin">What the event says of where it comes from.</param>
    /// <param name="cancel">Withdraws the append as long as no writer has taken it.</param>
    /// <returns>The summary with the verdicts.</returns>
    public async Task<ImportSummary> JudgeAsync(
        long run, ImportSummary summary, BatchFindings found, ImportOptions how, ImportOrigin origin, CancellationToken cancel)
    {
        var now = options.Clock.GetUtcNow();
        var judged = summary with { Checks = QualityChecks.Judge(found, how.Quality, await EarlierRowsAsync(summary.Source, summary.Key, cancel), now) };
        await AppendAsync(run, VerdictOn(judged, found, how.MaxRejectRate, now), origin, cancel);
        return judged;
    }

    /// <summary>The verdict counts what was stored or, if nothing was, what could have been.</summary>
    private static BatchValidated VerdictOn(ImportSummary summary, BatchFindings found, double? maxRejectRate, DateTimeOffset now) => new(
        summary.Source, summary.Key, summary.InputRows, summary.Refused is null ? summary.CleanRows : found.CleanRows,
        summary.Refused is null ? summary.DuplicateRows : found.DuplicateRows, summary.RejectRows, summary.Reasons, summary.Checks, maxRejectRate, summary.Refused is null, now);

    /// <summary>Rows of the newest batches of a source that were let in, those of the same content left out.</summary>
    private async Task<IReadOnlyList<long>> EarlierRowsAsync(string sourceName, string key, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            $"""
             select (data->>'InputRows')::bigint from {options.Schema}.mt_events
             where stream_id = $1 and type = '{EventAliases.BatchValidated}' and (data->>'Accepted')::boolean and data->>'Key' <> $2
             order by version desc limit {MostEarlier}
             """);
        command.Parameters.Add(new() { Value = StreamIds.Quality(sourceName) });
        command.Parameters.Add(new() { Value = key });
        await using var row = await command.ExecuteReaderAsync(cancel);
        var rows = new List<long>();
        while (await row.ReadAsync(cancel)) rows.Add(row.GetInt64(0));
        return rows;
    }

    /// <summary>Appends a verdict; the run's row in <c>recs_imports</c> points to it.</summary>
    private async Task AppendAsync(long run, BatchValidated batch, ImportOrigin origin, CancellationToken cancel)
    {
        var verdict = new NewEvent(
            Guid.CreateVersion7(batch.At), EventAliases.BatchValidated, JsonSerializer.SerializeToUtf8Bytes(batch, EventJson.Default.BatchValidated),
            origin.CorrelationId, origin.CausationId, DotNetType: DotNetType);
        var pointer = new SideRow(
            $"update {options.Schema}.recs_imports set verdict_sequence = $2 where id = $1", [new NpgsqlParameter<long> { TypedValue = run }],
            landed => [new NpgsqlParameter<long> { TypedValue = landed.LastSequence }]);
        await using var appender = new EventAppender(source, options, writers: 1);
        await appender.AppendAsync(new([new StreamAppend(StreamIds.Quality(batch.Source), ExpectedVersion.Any, [verdict])], [pointer]), cancel);
    }
}
