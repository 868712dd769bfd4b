using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Recs.Queries.Models;

/// <summary>Tells which version answers (<c>recs_model_info</c>), and keeps trying to open the one that should while another stands in for it.</summary>
public sealed class ChampionWatch : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private readonly OpenModels _models;
    private readonly TimeProvider _clock;
    private readonly ILogger<ChampionWatch> _log;
    private readonly Meter _meter = new("Recs.Queries.Models");
    private readonly ConcurrentDictionary<string, string> _modelOfVersion = new(StringComparer.Ordinal);

    /// <summary>Begins to tell.</summary>
    public ChampionWatch(OpenModels models, TimeProvider clock, ILogger<ChampionWatch> log)
    {
        (_models, _clock, _log) = (models, clock, log);
        _meter.CreateObservableGauge("recs.model.info", Observe, description: "1 for the model version that answers, 0 for those that answered before.");
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, _clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (_models.Trouble is null)
                continue;
            _models.Retry();
            if (_models.Trouble is null)
                _log.LogInformation("{Version} could be opened and answers now.", _models.Champion?.Manifest.Version);
        }
    }

    private IEnumerable<Measurement<int>> Observe()
    {
        var champion = _models.Champion?.Manifest;
        if (champion is not null)
            _modelOfVersion[champion.Version] = champion.Model;
        return [.. _modelOfVersion.Select(v => new Measurement<int>(v.Key == champion?.Version ? 1 : 0, new("model", v.Value), new("version", v.Key)))];
    }
}
