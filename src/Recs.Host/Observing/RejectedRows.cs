using System.Diagnostics.Metrics;
using Npgsql;
using Recs.EventStore;

namespace Recs.Host.Observing;

/// <summary>
/// Shows how many rows imports have rejected, by reason. Imports are processes of their own, which nobody scrapes, so this is read from where they keep the
/// rejects. Every process with the role shows the same total: <c>max by (reason)</c> over several.
/// </summary>
internal sealed class RejectedRows(NpgsqlDataSource source, EventStoreOptions options) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private volatile IReadOnlyList<Measurement<long>> _counts = [];

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var meter = new Meter("Recs.Ingestion");
        meter.CreateObservableCounter("recs_ingest_rejected_total", () => _counts, null, "Rows that imports rejected and kept, by reason.");
        using var pause = new PeriodicTimer(Pause, options.WallClock);
        try
        {
            do
                await CountAsync(stoppingToken);
            while (await pause.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
    }

    private async Task CountAsync(CancellationToken cancel)
    {
        try
        {
            List<Measurement<long>> counts = [];
            await using var command = source.CreateCommand($"select reason, count(*) from {options.Schema}.recs_rejects group by reason");
            await using var row = await command.ExecuteReaderAsync(cancel);
            while (await row.ReadAsync(cancel))
                counts.Add(new(row.GetInt64(1), new KeyValuePair<string, object?>("reason", row.GetString(0))));
            _counts = counts;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            return; // the last counts stand until the database is back, and readiness says that it is away
        }
    }
}
