using Recs.EventStore.Checking;
using Recs.Training.Registry;
using Recs.Training.Snapshots;

namespace Recs.Host.Checking;

/// <summary>The log still gives every snapshot that a model was trained on, bit for bit.</summary>
internal sealed class SnapshotsInvariant(ListModels models, LoadSnapshot snapshots) : IInvariant
{
    public string Name => "snapshots-hold";

    public async Task<Invariant> CheckAsync(CancellationToken cancel = default)
    {
        var trained = (await models.AllAsync(cancel)).Values.SelectMany(m => m.Versions).Select(v => v.Trained.SnapshotId).Distinct(StringComparer.Ordinal).ToList();
        foreach (var id in trained)
            if (await snapshots.VerifyAsync(id, cancel) is { Holds: false } broken) return new(Name, false, broken.Detail);
        return new(Name, true, $"{trained.Count} snapshots that models were trained on, digests as recorded");
    }
}
