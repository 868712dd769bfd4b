using System.Collections.Concurrent;
using Recs.Contracts.Registry;
using Recs.Queries.Catalogue;
using Recs.Training.Scoring;

namespace Recs.Queries.Models;

/// <summary>Opens the artifact of a training for scoring, its bytes verified.</summary>
public delegate IScorer OpenScorer(ModelTrained manifest);

/// <summary>The model versions that are open in this process. A swap never waits for a request: whoever holds the old one finishes with it.</summary>
public sealed class OpenModels(OpenScorer open, MovieNumbers numbers)
{
    /// <summary>Versions kept open beside the champion, for requests that name one and for replays.</summary>
    private const int MostKept = 8;

    private readonly ConcurrentDictionary<string, Lazy<LiveModel>> _open = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _order = new();
    private volatile LiveModel? _champion;

    /// <summary>What answers requests that name no model; null before the first promotion.</summary>
    public LiveModel? Champion => _champion;

    /// <summary>The version, opened if it is not open yet.</summary>
    /// <exception cref="Training.Artifacts.DamagedArtifactException">A file was altered.</exception>
    /// <exception cref="Training.Artifacts.ArtifactNotFoundException">The store does not have it.</exception>
    public LiveModel Get(ModelTrained manifest)
    {
        if (_champion is { } champion && champion.Manifest.Version == manifest.Version)
            return champion;
        var model = _open.GetOrAdd(manifest.Version, version =>
        {
            _order.Enqueue(version);
            return new(() => new LiveModel(manifest, open(manifest), numbers));
        });
        while (_open.Count > MostKept && _order.TryDequeue(out var oldest))
            _open.TryRemove(oldest, out _);
        try
        {
            return model.Value;
        }
        catch
        {
            _open.TryRemove(manifest.Version, out _); // the next request tries again: the file may have been mended
            throw;
        }
    }

    /// <summary>Puts a version into production in this process.</summary>
    /// <exception cref="Training.Artifacts.DamagedArtifactException">A file was altered; the former champion goes on.</exception>
    /// <exception cref="Training.Artifacts.ArtifactNotFoundException">The store does not have it; the former champion goes on.</exception>
    public void Promote(ModelTrained manifest) => _champion = Get(manifest);
}
