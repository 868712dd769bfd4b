using System.Security.Cryptography;
using System.Text;
using Recs.Contracts;
using Recs.Contracts.Snapshots;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;

namespace Recs.Training.Snapshots;

/// <summary>A snapshot with its data in memory.</summary>
public sealed record LoadedSnapshot(SnapshotTaken Manifest, InteractionSet Data)
{
    /// <summary>
    /// What the manifest stands for. A snapshot that was taken before demographics or titles were part of it has none, whatever the log says: a version that was trained on
    /// it must come out the same again.
    /// </summary>
    internal static LoadedSnapshot Of(SnapshotTaken manifest, InteractionSet read)
    {
        var data = manifest.DemographicsSha256 is null ? read.WithDemographics(new Demographics[read.Users.Count]) : read;
        return new(manifest, manifest.TitlesSha256 is null ? data.WithTitles(new MovieTitle[read.Movies.Count]) : data);
    }
}

/// <summary>The log holds no rating and no watch.</summary>
public sealed class NothingToTrainOnException(long throughSequence) : Exception($"The log through {throughSequence} holds no rating and no watch, so there is nothing to train on.");

/// <summary>Pins a data set: reads the log up to a position, digests what it read, and appends <c>snapshot_taken</c>.</summary>
public sealed class TakeSnapshot(SnapshotReader reader, FindSnapshot find, EventAppender appender, EventTypes types, TimeProvider clock)
{
    /// <summary>The name of a snapshot that was given none: <c>s</c> and its position, and eight digits of its filters' digest if it has any.</summary>
    public static string DefaultId(long throughSequence, SnapshotFilters filters)
        => filters.Sources is null
            ? $"s{throughSequence}"
            : $"s{throughSequence}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', filters.Sources))))[..8]}";

    /// <summary>Takes a snapshot. Taking the same one again under the same name appends nothing.</summary>
    /// <param name="snapshotId">Its name.</param>
    /// <param name="throughSequence">Last log position; not past the high-water mark.</param>
    /// <param name="filters">What to leave out.</param>
    /// <param name="cancel">Stops reading; nothing is appended then.</param>
    /// <exception cref="ArgumentException">Not a valid name.</exception>
    /// <exception cref="InvalidOperationException">Another data set has that name.</exception>
    public Task<LoadedSnapshot> RunAsync(string snapshotId, long throughSequence, SnapshotFilters filters, CancellationToken cancel = default)
        => TakeAsync(snapshotId, throughSequence, filters, evenEmpty: true, cancel);

    /// <summary>Takes a snapshot to train on: the same, but a snapshot of nothing is not taken.</summary>
    /// <exception cref="NothingToTrainOnException">There is nothing to take; nothing is appended.</exception>
    /// <exception cref="ArgumentException">Not a valid name.</exception>
    /// <exception cref="InvalidOperationException">Another data set has that name.</exception>
    public Task<LoadedSnapshot> ToTrainOnAsync(string snapshotId, long throughSequence, SnapshotFilters filters, CancellationToken cancel = default)
        => TakeAsync(snapshotId, throughSequence, filters, evenEmpty: false, cancel);

    private async Task<LoadedSnapshot> TakeAsync(string snapshotId, long throughSequence, SnapshotFilters filters, bool evenEmpty, CancellationToken cancel)
    {
        if (!EntityId.IsValid(snapshotId))
            throw new ArgumentException($"'{snapshotId}' cannot name a snapshot: {EntityId.Rule}.", nameof(snapshotId));
        var data = await reader.ReadAsync(throughSequence, filters, cancel);
        if (data.Count == 0 && !evenEmpty)
            throw new NothingToTrainOnException(throughSequence);
        var taken = new SnapshotTaken(
            snapshotId, throughSequence, filters, data.Count, data.Users.Count, data.Movies.Count, data.Sha256, clock.GetUtcNow(), data.GenresSha256, data.DemographicsSha256, data.TitlesSha256);
        if (await find.RunAsync(snapshotId, cancel) is { } existing)
            return LoadedSnapshot.Of(Same(existing, taken), data);
        var e = types.Encode(Guid.CreateVersion7(taken.At), taken);
        try
        {
            await appender.AppendAsync(new([new(StreamIds.Snapshot(snapshotId), ExpectedVersion.NewStream, [e])]), cancel);
            return new(taken, data);
        }
        catch (ConcurrencyException) // somebody took it in the meantime
        {
            return LoadedSnapshot.Of(Same((await find.RunAsync(snapshotId, cancel))!, taken), data);
        }
    }

    private static SnapshotTaken Same(SnapshotTaken existing, SnapshotTaken taken)
        => existing.Sha256 == taken.Sha256 && existing.ThroughSequence == taken.ThroughSequence && (existing.GenresSha256 ?? taken.GenresSha256) == taken.GenresSha256
            && (existing.TitlesSha256 ?? taken.TitlesSha256) == taken.TitlesSha256
            && (existing.DemographicsSha256 ?? taken.DemographicsSha256) == taken.DemographicsSha256
            ? existing
            : throw new InvalidOperationException(
                $"Snapshot '{taken.SnapshotId}' exists already and holds another data set, "
                + (existing.ThroughSequence == taken.ThroughSequence
                    ? $"though it too goes through {taken.ThroughSequence}: it has other filters, or the log was altered since. 'recs snapshot verify {taken.SnapshotId}' tells which; else choose another name."
                    : $"the log through {existing.ThroughSequence} and not through {taken.ThroughSequence}. Choose another name."));
}
