using Recs.Contracts.Registry;
using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Registry;
using Recs.Training.Snapshots;

namespace Recs.Training.Reproducing;

/// <summary>How a reproduction ended.</summary>
public enum ReproductionVerdict
{
    /// <summary>The same bytes.</summary>
    Identical,
    /// <summary>Other bytes.</summary>
    Different,
    /// <summary>The log no longer gives the snapshot that the version was trained on.</summary>
    DamagedSnapshot,
    /// <summary>The log does not hold the snapshot's manifest.</summary>
    MissingSnapshot,
}

/// <summary>Verdicts as reports spell them.</summary>
public static class ReproductionVerdicts
{
    /// <summary>The verdict in lower case, words joined by a hyphen.</summary>
    public static string Word(this ReproductionVerdict verdict) => verdict switch
    {
        ReproductionVerdict.Identical => "identical",
        ReproductionVerdict.Different => "different",
        ReproductionVerdict.DamagedSnapshot => "damaged-snapshot",
        _ => "missing-snapshot",
    };
}

/// <summary>What a reproduction found.</summary>
/// <param name="Version">Version.</param>
/// <param name="Verdict">How it ended.</param>
/// <param name="Detail">One sentence: the digest, or the first difference.</param>
/// <param name="Seconds">Wall time of the fit; 0 if it did not come to one.</param>
public sealed record Reproduction(string Version, ReproductionVerdict Verdict, string Detail, double Seconds);

/// <summary>
/// Trains a version again from its manifest in the log alone and compares the bytes. The artifact folder may be empty: what was reproduced is
/// stored there, so this is also how a lost or damaged model file comes back.
/// </summary>
public sealed class ReproduceModel(ArtifactStore artifacts, ListModels models, LoadSnapshot snapshots, FindSnapshot find, TimeProvider clock)
{
    /// <summary>Reproduces a version.</summary>
    /// <exception cref="ArgumentException">There is no such version.</exception>
    public async Task<Reproduction> RunAsync(string version, FitRun run)
    {
        var manifest = (await models.VersionAsync(version, run.Cancel)).Trained;
        if (await find.RunAsync(manifest.SnapshotId, run.Cancel) is null)
            return new(version, ReproductionVerdict.MissingSnapshot, $"the log holds no snapshot '{manifest.SnapshotId}'", 0);
        var snapshot = await snapshots.VerifyAsync(manifest.SnapshotId, run.Cancel);
        if (!snapshot.Holds || snapshot.Manifest.Sha256 != manifest.SnapshotSha256)
            return new(version, ReproductionVerdict.DamagedSnapshot, snapshot.Holds ? $"the model names snapshot digest {manifest.SnapshotSha256}, the snapshot {snapshot.Manifest.Sha256}" : snapshot.Detail, 0);
        var recommender = Recommenders.Named(manifest.Model);
        if (recommender.FormatVersion != manifest.FormatVersion)
            return new(version, ReproductionVerdict.Different, $"it was fitted by format version {manifest.FormatVersion}, this program has {recommender.FormatVersion}", 0);

        var started = clock.GetTimestamp();
        using var artifact = await Task.Factory.StartNew(
            () => recommender.Fit(snapshot.Data, OptionValues.Parse(recommender.Options, manifest.Options), manifest.Seed, run),
            run.Cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var seconds = clock.GetElapsedTime(started).TotalSeconds;
        return Compare(manifest, artifact, seconds);
    }

    private Reproduction Compare(ModelTrained manifest, Artifact artifact, double seconds)
    {
        var aside = Directory.CreateTempSubdirectory("recs-reproduce-").FullName;
        try
        {
            var scratch = new ArtifactStore(aside);
            var again = scratch.Put(artifact);
            if (again.ContentHash == manifest.ContentHash)
            {
                artifacts.Put(artifact);
                artifacts.Name(manifest);
                return new(manifest.Version, ReproductionVerdict.Identical, $"content {again.ContentHash}, {again.Bytes} bytes", seconds);
            }

            return new(manifest.Version, ReproductionVerdict.Different, FirstDifference.Describe(manifest, again, artifacts, scratch), seconds);
        }
        finally
        {
            Directory.Delete(aside, recursive: true);
        }
    }
}
