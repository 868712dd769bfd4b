using Recs.Contracts.Registry;
using Recs.Contracts.Snapshots;
using Recs.Training.Snapshots;

namespace Recs.Training.Trainings;

/// <summary>The data that a request names: read from the log and compared with the snapshot's digest, or, the first time, taken.</summary>
public sealed class TrainingData(LoadSnapshot load, TakeSnapshot take)
{
    /// <summary>Several models are often trained on one snapshot; held weakly, so that an idle process does not keep it.</summary>
    private readonly WeakReference<LoadedSnapshot?> _last = new(null);

    /// <summary>Reads the request's snapshot.</summary>
    /// <exception cref="ArgumentException">There is no such snapshot.</exception>
    /// <exception cref="InvalidDataException">The log no longer gives the snapshot's bytes.</exception>
    /// <exception cref="NothingToTrainOnException">The snapshot was yet to be taken, and would be empty; none is taken.</exception>
    public async Task<LoadedSnapshot> LoadAsync(TrainingRequested request, CancellationToken cancel)
    {
        if (_last.TryGetTarget(out var last) && last!.Manifest.SnapshotId == request.SnapshotId)
            return last;
        var loaded = request.ThroughSequence is { } through
            ? await take.ToTrainOnAsync(request.SnapshotId, through, new SnapshotFilters(), cancel)
            : await load.RunAsync(request.SnapshotId, cancel);
        _last.SetTarget(loaded);
        return loaded;
    }
}
