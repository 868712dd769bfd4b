using Recs.Contracts;
using Recs.Contracts.Snapshots;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;

namespace Recs.Training.Snapshots;

/// <summary>Finds snapshots in the log.</summary>
public sealed class FindSnapshot(EventReader reader, EventTypes types)
{
    /// <summary>The snapshot of a name, or null.</summary>
    public async Task<SnapshotTaken?> RunAsync(string snapshotId, CancellationToken cancel = default)
    {
        await foreach (var e in reader.ReadStreamAsync(StreamIds.Snapshot(snapshotId), cancel: cancel))
            if (types.Decode(e) is SnapshotTaken taken)
                return taken;
        return null;
    }

    /// <summary>The snapshot of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public async Task<SnapshotTaken> ExistingAsync(string snapshotId, CancellationToken cancel = default)
        => await RunAsync(snapshotId, cancel)
            ?? throw new ArgumentException($"There is no snapshot '{snapshotId}'. 'recs snapshot list' shows those that there are.");

    /// <summary>Every snapshot, in the order they were taken.</summary>
    public async Task<IReadOnlyList<SnapshotTaken>> AllAsync(CancellationToken cancel = default)
    {
        var snapshots = new List<SnapshotTaken>();
        await foreach (var e in reader.ReadLogAsync(0, long.MaxValue, [EventAliases.SnapshotTaken], cancel))
            snapshots.Add((SnapshotTaken)types.Decode(e));
        return snapshots;
    }

    /// <summary>The snapshot that was taken last, or null.</summary>
    public async Task<SnapshotTaken?> LatestAsync(CancellationToken cancel = default)
    {
        await foreach (var e in reader.ReadNewestAsync(EventAliases.SnapshotTaken, 1, cancel))
            return (SnapshotTaken)types.Decode(e);
        return null;
    }
}
