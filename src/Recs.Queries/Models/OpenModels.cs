using Recs.Contracts.Registry;
using Recs.Queries.Catalogue;
using Recs.Training.Artifacts;
using Recs.Training.Scoring;

namespace Recs.Queries.Models;

/// <summary>Opens the artifact of a training for scoring, its bytes verified.</summary>
public delegate IScorer OpenScorer(ModelTrained manifest);

/// <summary>The model versions that are open in this process. A swap never waits for a request: whoever holds the old one finishes with it.</summary>
/// <param name="open">Opens a version's files.</param>
/// <param name="numbers">This process's movie numbers.</param>
/// <param name="clock">Tells when a version that did not open may be tried again; the system's if left out.</param>
public sealed class OpenModels(OpenScorer open, MovieNumbers numbers, TimeProvider? clock = null)
{
    /// <summary>Versions kept open beside the champion, for requests that name one and for a way back; the least recently used goes first.</summary>
    private const int MostKept = 8;

    /// <summary>A version that did not open is not tried again before, so that requests for it cost nothing.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly Lock _gate = new();
    private readonly Lock _promoting = new();
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private IReadOnlyList<ModelTrained> _wanted = [];
    private long _uses;
    private volatile LiveModel? _champion;
    private volatile string? _trouble;

    private sealed class Entry(Lazy<LiveModel> model)
    {
        public Lazy<LiveModel> Model { get; } = model;
        public long LastUse { get; set; }
        public long? FailedAt { get; set; }
    }

    /// <summary>What answers requests that name no model; null before the first promotion.</summary>
    public LiveModel? Champion => _champion;

    /// <summary>Why what the log has in production does not answer, or null.</summary>
    public string? Trouble => _trouble;

    /// <summary>The version, opened if it is not open yet.</summary>
    /// <exception cref="DamagedArtifactException">A file was altered.</exception>
    /// <exception cref="ArtifactNotFoundException">The store does not have it.</exception>
    public LiveModel Get(ModelTrained manifest)
    {
        if (_champion is { } champion && champion.Manifest.Version == manifest.Version)
            return champion;
        var entry = EntryOf(manifest);
        try
        {
            return entry.Model.Value;
        }
        catch
        {
            lock (_gate)
                entry.FailedAt ??= _clock.GetTimestamp();
            throw;
        }
    }

    /// <summary>
    /// The version, for somebody who asked for it by name. Who is not trusted gets what costs nothing or is meant to be compared: else one caller could make the
    /// process read the files of one version after the other.
    /// </summary>
    /// <param name="manifest">The version.</param>
    /// <param name="registry">The registry that it was found in.</param>
    /// <param name="trusted">Whether the caller is a service or an admin.</param>
    /// <exception cref="VersionNotOfferedException">The caller may not have it opened.</exception>
    /// <exception cref="DamagedArtifactException">A file was altered.</exception>
    /// <exception cref="ArtifactNotFoundException">The store does not have it.</exception>
    public LiveModel GetFor(ModelTrained manifest, RegistryState registry, bool trusted)
        => trusted || registry.Offers(manifest) || IsOpen(manifest.Version) ? Get(manifest) : throw new VersionNotOfferedException(manifest.Version);

    /// <summary>
    /// Puts into production in this process what the log has there. If it does not open, the former champion goes on; a process that has none yet takes the
    /// newest former one that opens.
    /// </summary>
    /// <param name="newestFirst">What was in production, the version of now first.</param>
    public void Promote(IReadOnlyList<ModelTrained> newestFirst)
    {
        lock (_promoting)
        {
            _wanted = newestFirst;
            _trouble = null;
            foreach (var manifest in newestFirst)
            {
                if (_trouble is not null && _champion is not null)
                    return;
                try
                {
                    _champion = Get(manifest);
                    return;
                }
                catch (Exception e) when (e is DamagedArtifactException or ArtifactNotFoundException)
                {
                    _trouble ??= $"{manifest.Version} cannot be opened: {e.Message}";
                }
            }
        }
    }

    /// <summary>Tries again to open what should answer: its files may have been mended.</summary>
    public void Retry()
    {
        lock (_promoting)
            if (_trouble is not null)
                Promote(_wanted);
    }

    private bool IsOpen(string version)
    {
        lock (_gate)
            return _champion?.Manifest.Version == version || (_entries.TryGetValue(version, out var entry) && entry.Model.IsValueCreated);
    }

    private Entry EntryOf(ModelTrained manifest)
    {
        lock (_gate)
        {
            if (!_entries.TryGetValue(manifest.Version, out var entry) || (entry.FailedAt is { } failed && _clock.GetElapsedTime(failed) > Rest))
                _entries[manifest.Version] = entry = new(new(() => new LiveModel(manifest, open(manifest), numbers)));
            entry.LastUse = ++_uses;
            if (_entries.Count > MostKept)
                _entries.Remove(_entries.MinBy(e => e.Value.LastUse).Key);
            return entry;
        }
    }
}
