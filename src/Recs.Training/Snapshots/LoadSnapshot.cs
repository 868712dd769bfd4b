using Recs.Contracts.Snapshots;

namespace Recs.Training.Snapshots;

/// <summary>What the log gives today for a snapshot.</summary>
/// <param name="Manifest">What was recorded when it was taken.</param>
/// <param name="Data">What the log gives now.</param>
public sealed record SnapshotVerdict(SnapshotTaken Manifest, InteractionSet Data)
{
    /// <summary>Whether the log still gives the same bytes, genres, titles and demographics included where the manifest has their digest.</summary>
    public bool Holds => SameInteractions && SameGenres && SameTitles && SameDemographics;

    private bool SameInteractions => Data.Sha256 == Manifest.Sha256;
    private bool SameGenres => Manifest.GenresSha256 is null || Manifest.GenresSha256 == Data.GenresSha256;
    private bool SameTitles => Manifest.TitlesSha256 is null || Manifest.TitlesSha256 == Data.TitlesSha256;
    private bool SameDemographics => Manifest.DemographicsSha256 is null || Manifest.DemographicsSha256 == Data.DemographicsSha256;

    /// <summary>One sentence for people.</summary>
    public string Detail => Holds
        ? $"snapshot '{Manifest.SnapshotId}' holds: {Manifest.Count} interactions, sha256 {Manifest.Sha256}"
        : SameInteractions && SameGenres && SameTitles
        ? $"snapshot '{Manifest.SnapshotId}' is damaged: what the log through {Manifest.ThroughSequence} knows about its people has sha256 {Data.DemographicsSha256}, "
            + $"but {Manifest.DemographicsSha256} was recorded. A person's event before that position was altered, added or removed."
        : SameInteractions && SameGenres
        ? $"snapshot '{Manifest.SnapshotId}' is damaged: the catalogue through {Manifest.ThroughSequence} gives titles with sha256 {Data.TitlesSha256}, "
            + $"but {Manifest.TitlesSha256} was recorded. A movie's event before that position was altered, added or removed."
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
        var (_, data) = LoadedSnapshot.Of(manifest, await reader.ReadAsync(manifest.ThroughSequence, manifest.Filters, cancel));
        return new(manifest, data);
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
