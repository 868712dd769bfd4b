using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Recs.EventStore;

namespace Recs.Commands.Repeating;

/// <summary>Removes kept answers that have had their time, a bounded number per statement, so that no delete holds many locks.</summary>
internal sealed class ExpiredAnswers(KeptAnswers kept, EventStoreOptions options, ILogger<ExpiredAnswers> log) : BackgroundService
{
    /// <summary>Rows per statement.</summary>
    public const int PerStatement = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, options.WallClock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
            await SweepAsync(stoppingToken);
    }

    private async Task SweepAsync(CancellationToken cancel)
    {
        try
        {
            while (await kept.DeleteExpiredAsync(PerStatement, cancel) == PerStatement)
                cancel.ThrowIfCancellationRequested();
        }
        catch (NpgsqlException e)
        {
            log.LogWarning("Expired idempotency keys were not removed, the next sweep tries again: {Reason}", e.Message);
        }
    }
}
