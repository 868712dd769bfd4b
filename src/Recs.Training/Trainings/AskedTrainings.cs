using Recs.Contracts.Registry;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;

namespace Recs.Training.Trainings;

/// <summary>
/// Trainings that are in the log and wait in this process for their turn: each may be called off, and nobody else takes it as long as this process lives. Disposing it
/// leaves open what was not carried out to its end: whoever comes next goes on with it.
/// </summary>
public sealed class AskedTrainings : IAsyncDisposable
{
    private readonly TrainingLeases _leases;
    private readonly List<Waiting> _waiting = [];

    internal AskedTrainings(TrainingLeases leases, LoadedSnapshot snapshot) => (_leases, Snapshot) = (leases, snapshot);

    /// <summary>What they are trained on.</summary>
    public LoadedSnapshot Snapshot { get; }

    /// <summary>What was asked for, in the order of the requests.</summary>
    public IReadOnlyList<TrainingRequested> Events => [.. _waiting.Select(w => w.Event)];

    /// <summary>Those of them that have no end yet.</summary>
    public IReadOnlyList<TrainingRequested> Open => [.. _waiting.Where(w => !w.Ended).Select(w => w.Event)];

    internal int Count => _waiting.Count;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var training in _waiting)
        {
            await training.StopBeatingAsync();
            if (!training.Ended)
                await _leases.ReleaseAsync(training.Lease, tried: false);
        }
    }

    internal void Add(TrainRequest request, TrainingRequested e, TrainingLease lease, TimeSpan beat)
    {
        var heartbeat = new Heartbeat(_leases, lease, beat, also: null);
        heartbeat.Report(new FitProgress("queued", 0));
        _waiting.Add(new(request, e, lease, heartbeat));
    }

    internal Waiting this[int place] => _waiting[place];

    /// <summary>One of them.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="e">How the log has it.</param>
    /// <param name="lease">Proof that this process holds it.</param>
    /// <param name="heartbeat">Keeps the lease until its turn comes.</param>
    internal sealed class Waiting(TrainRequest request, TrainingRequested e, TrainingLease lease, Heartbeat heartbeat)
    {
        private Heartbeat? _heartbeat = heartbeat;

        public TrainRequest Request => request;
        public TrainingRequested Event => e;
        public TrainingLease Lease => lease;
        /// <summary>It has its outcome, or its end was told: there is nothing to leave open.</summary>
        public bool Ended { get; set; }

        /// <summary>From here on somebody else keeps the lease, or nobody does.</summary>
        public async Task StopBeatingAsync()
        {
            if (Interlocked.Exchange(ref _heartbeat, null) is { } beating)
                await beating.DisposeAsync();
        }
    }
}
