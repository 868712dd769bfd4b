using System.Collections.Concurrent;
using Recs.Contracts.Recommendations;
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
    private readonly Lock _gate = new();
    private Task<CatalogueState>? _whole;
    private long _readFor;

    /// <summary>Numbers of the movies.</summary>
    public MovieNumbers Numbers => numbers;

    /// <summary>Strings of the ids that events name.</summary>
    public IdPool Ids => ids;

    /// <summary>The model version that a slate names, its bytes verified, or what is wrong with it.</summary>
    public Task<(LiveModel? Model, string? Damage)> ModelAsync(RecommendationServed slate)
        => _models.GetOrAdd((slate.Model, slate.ModelVersion), key => new(() => OpenAsync(key.Item1, key.Item2))).Value;

    /// <summary>The catalogue as of a log position.</summary>
    public async ValueTask<CatalogueState> CatalogueAsync(long sequence)
    {
        if (_catalogues.TryGetValue(sequence, out var known))
            return known;
        var then = (await WholeAsync(sequence)).AsOf(sequence);
        if (_catalogues.Count >= MostCatalogues)
            _catalogues.Clear();
        return _catalogues[sequence] = then;
    }

    /// <summary>The catalogue of the whole log, read once; once more if a position lies past it, since the log may have grown.</summary>
    private async Task<CatalogueState> WholeAsync(long sequence)
    {
        Task<CatalogueState> reading;
        lock (_gate)
            reading = _whole ??= ReadAsync();
        if (await reading is { } whole && whole.Sequence >= sequence)
            return whole;
        lock (_gate)
        {
            if (sequence > _readFor && ReferenceEquals(_whole, reading))
                (_whole, _readFor) = (ReadAsync(), sequence);
            reading = _whole;
        }
        return await reading;
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

    private async Task<CatalogueState> ReadAsync()
    {
        List<(long, Movie)> events = [];
        await foreach (var e in reader.ReadLogAsync(0, long.MaxValue, CatalogueState.Types))
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
