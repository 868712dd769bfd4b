using Recs.Contracts.Snapshots;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Training.Snapshots;

namespace Recs.Host.Verbs;

/// <summary>The snapshot of a verb that fits models.</summary>
internal static class SnapshotToTrainOn
{
    /// <summary>The one that was named, or a new one of the whole log.</summary>
    /// <exception cref="UsageException">There is none of that name, or nothing to take one of.</exception>
    public static async Task<LoadedSnapshot> FindAsync(string? named, RecsStore store, TrainingSide training, CancellationToken cancel)
    {
        if (named is not null) return await Asked.ForAsync(training.Load.RunAsync(named, cancel));
        var (through, filters) = ((await store.MarkAsync(cancel)).Current, new SnapshotFilters());
        try
        {
            return await training.Take.ToTrainOnAsync(TakeSnapshot.DefaultId(through, filters), through, filters, cancel);
        }
        catch (NothingToTrainOnException e)
        {
            throw new UsageException("the log holds no rating and no watch yet, so there is nothing to train on. Import a data set first ('recs import').", e);
        }
    }
}
