using Recs.Contracts.Snapshots;

namespace Recs.Training.Snapshots;

/// <summary>What the log gives today for a snapshot.</summary>
/// <param name="Manifest">What was recorded when it was taken.</param>
/// <param name="Data">What the log gives now.</param>
public sealed record SnapshotVerdict(SnapshotTaken Manifest, InteractionSet Data)
{
    /// <summary>Whether the log still gives the same bytes, genres included where the manifest has their digest.</summary>
    public bool Holds => SameInteractions && SameGenres;

    private bool SameInteractions => Data.Sha256 == Manifest.Sha256;
    private bool SameGenres => Manifest.GenresSha256 is null || Manifest.GenresSha256 == Data.GenresSha256;

    /// <summary>One sentence for people.</summary>
    public string Detail => Holds
        ? $"snapshot '{Manifest.SnapshotId}' holds: {Manifest.Count} interactions, sha256 {Manifest.Sha256}"
        : SameInteractions
        ? $"snapshot '{Manifest.SnapshotId}' is damaged: the catalogue through {Manifest.ThroughSequence} gives genres with sha256 {Data.GenresSha256}, "
            + $"but {Manifest.GenresSha256} was recorded. A movie's event before that position was altered, added or removed."
        : $"snapshot '{Manifest.SnapshotId}' is damaged: the log through {Manifest.ThroughSequence} gives {Data.Count} interactions with sha256 {Data.Sha256}, "
            + $"but {Manifest.Count} with {Manifest.Sha256} were recorded. An event before that position was altered, added or removed.";
}

/// <summary>Reads a snapshot again and compares the digest.</summary>
public sealed class LoadSnapshot(SnapshotReader reader, FindSnapshot find)
{
    /// <summary>Reads and compares: <c>snapshot verify</c>.</summary>
    /// <exception cref="ArgumentException">There is no such snapshot.</exception>
    public async Task<SnapshotVerdict> VerifyAsync(string snapshotId, CancellationToken cancel = default)
    {
        var manifest = await find.ExistingAsync(snapshotId, cancel);
        return new(manifest, await reader.ReadAsync(manifest.ThroughSequence, manifest.Filters, cancel));
    }

    /// <summary>Reads a snapshot for a fit.</summary>
    /// <exception cref="ArgumentException">There is no such snapshot.</exception>
    /// <exception cref="InvalidDataException">The log no longer gives the same bytes.</exception>
    public async Task<LoadedSnapshot> RunAsync(string snapshotId, CancellationToken cancel = default)
    {
        var verdict = await VerifyAsync(snapshotId, cancel);
        return verdict.Holds ? new(verdict.Manifest, verdict.Data) : throw new InvalidDataException(verdict.Detail);
    }
}
