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

    /// <summary>Rows of the newest batches of a source that were let in, those of the same content left out.</summary>
    /// <param name="sourceName">Name of the source.</param>
    /// <param name="key">Key of the batch that is compared with them.</param>
    /// <param name="cancel">Stops reading.</param>
    public async Task<IReadOnlyList<long>> EarlierRowsAsync(string sourceName, string key, CancellationToken cancel)
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
    /// <param name="run">Number of the run.</param>
    /// <param name="batch">Verdict.</param>
    /// <param name="origin">What the event says of where it comes from.</param>
    /// <param name="cancel">Withdraws the append as long as no writer has taken it.</param>
    /// <returns>Log position of the verdict.</returns>
    public async Task<long> AppendAsync(long run, BatchValidated batch, ImportOrigin origin, CancellationToken cancel)
    {
        var verdict = new NewEvent(
            Guid.CreateVersion7(batch.At), EventAliases.BatchValidated, JsonSerializer.SerializeToUtf8Bytes(batch, EventJson.Default.BatchValidated),
            origin.CorrelationId, origin.CausationId, DotNetType: DotNetType);
        var pointer = new SideRow(
            $"update {options.Schema}.recs_imports set verdict_sequence = $2 where id = $1", [new NpgsqlParameter<long> { TypedValue = run }],
            landed => [new NpgsqlParameter<long> { TypedValue = landed.LastSequence }]);
        await using var appender = new EventAppender(source, options, writers: 1);
        var stored = await appender.AppendAsync(new([new StreamAppend(StreamIds.Quality(batch.Source), ExpectedVersion.Any, [verdict])], [pointer]), cancel);
        return stored.LastSequence;
    }
}
