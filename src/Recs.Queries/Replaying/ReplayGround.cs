using System.Collections.Concurrent;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Registry;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.Projections;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.Provenance;
using Recs.Training.Artifacts;

namespace Recs.Queries.Replaying;

/// <summary>What the replays of one run share: the models and the catalogue of the log, each read once. Safe for several threads.</summary>
internal sealed class ReplayGround(EventReader reader, EventTypes types, OpenScorer open, MovieNumbers numbers, IdPool ids)
{
    private const int MostCatalogues = 64;
    private readonly FindManifest _manifests = new(reader, types);
    private readonly ConcurrentDictionary<(string, string), Lazy<Task<(LiveModel? Model, string? Damage)>>> _models = new();
    private readonly ConcurrentDictionary<long, CatalogueState> _catalogues = new();
    private readonly SemaphoreSlim _reading = new(1);
    private CatalogueState _catalogue = CatalogueState.Empty;
    private long _readFor = -1;

    /// <summary>Numbers of the movies.</summary>
    public MovieNumbers Numbers => numbers;

    /// <summary>Strings of the ids that events name.</summary>
    public IdPool Ids => ids;

    /// <summary>The model version that a slate names, its bytes verified, or what is wrong with it.</summary>
    public Task<(LiveModel? Model, string? Damage)> ModelAsync(RecommendationServed slate)
        => _models.GetOrAdd((slate.Model, slate.ModelVersion), key => new(() => OpenAsync(key.Item1, key.Item2))).Value;

    /// <summary>The catalogue as of a log position.</summary>
    public async ValueTask<CatalogueState> CatalogueAsync(long sequence, CancellationToken cancel)
    {
        if (_catalogues.TryGetValue(sequence, out var known))
            return known;
        await _reading.WaitAsync(cancel);
        try
        {
            if (sequence > _readFor)
                (_catalogue, _readFor) = (await ReadAsync(cancel), sequence); // the log may have grown since it was read
            if (_catalogues.Count >= MostCatalogues)
                _catalogues.Clear();
            return _catalogues[sequence] = _catalogue.AsOf(sequence);
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task<(LiveModel?, string?)> OpenAsync(string model, string version)
    {
        if (await _manifests.FindAsync(model, version, CancellationToken.None) is not { } manifest)
            return (null, $"the log holds no training of '{version}'");
        try
        {
            return (new LiveModel(manifest, open(manifest), numbers), null);
        }
        catch (Exception e) when (e is DamagedArtifactException or ArtifactNotFoundException)
        {
            return (null, e.Message);
        }
    }

    private async Task<CatalogueState> ReadAsync(CancellationToken cancel)
    {
        List<(long, Movie)> events = [];
        await foreach (var e in reader.ReadLogAsync(0, long.MaxValue, CatalogueState.Types, cancel))
            try
            {
                events.Add((e.Sequence, CatalogueState.Read(types.Decode(e))));
            }
            catch (Exception broken) when (broken is FormatException or UnreadableEventException)
            {
                // The serving node left it out as well; check names it.
            }
        return CatalogueState.Empty.With(events, numbers);
    }
}
