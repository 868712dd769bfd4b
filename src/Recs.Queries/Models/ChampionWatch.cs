using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Recs.EventStore;
using Recs.Queries.Serving;

namespace Recs.Queries.Models;

/// <summary>Keeps trying to open the version that should answer while another stands in for it: its files may be mended meanwhile.</summary>
public sealed class ChampionWatch(LogFollower follower, OpenModels models, EventStoreOptions options, ILogger<ChampionWatch> log) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, options.WallClock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (models.Trouble is null)
                continue;
            follower.RetryChampion();
            if (models.Trouble is null)
                log.LogInformation("{Version} could be opened and answers now.", models.Champion?.Manifest.Version);
        }
    }
}
