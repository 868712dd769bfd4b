using Recs.Contracts.Registry;
using Recs.Training.Snapshots;
using Recs.Training.Trainings;

namespace Recs.Training.Fitting;

/// <summary>What to train.</summary>
/// <param name="TrainingId">Id of this training, unlike any other; its outcome names it.</param>
/// <param name="Model">Recommender's name.</param>
/// <param name="Options">Hyper-parameters given as text; the rest are what was tuned last, or else the built-in defaults.</param>
/// <param name="Seed">Key of every random draw.</param>
/// <param name="RequestedBy">Who asked.</param>
/// <param name="Reason">Why.</param>
/// <param name="BuiltInDefaults">Leave tunings aside.</param>
public sealed record TrainRequest(string TrainingId, string Model, IReadOnlyDictionary<string, string> Options, ulong Seed, string RequestedBy, string Reason, bool BuiltInDefaults = false);

/// <summary>
/// Trains in this process, the way that a worker does: request, lease, fit, outcome. The lease is held from the request on, so nobody else takes the job while this process lives;
/// if it dies, a worker takes it over.
/// </summary>
public sealed class TrainModel(RequestTraining request, CarryOutTraining carryOut, RecordOutcome outcomes, FitCheckpoints checkpoints, TimeProvider clock)
{
    /// <summary>Trains.</summary>
    /// <param name="asked">What to train.</param>
    /// <param name="snapshot">What to train on.</param>
    /// <param name="run">Threads, progress and cancellation; a cancelled run is recorded as <c>training_cancelled</c>.</param>
    /// <exception cref="ArgumentException">An unknown model or a wrong option; nothing is recorded.</exception>
    /// <exception cref="DivergedException">The fit diverged; recorded as <c>training_failed</c>.</exception>
    /// <exception cref="InvalidDataException">The data cannot be fitted; recorded as <c>training_failed</c>.</exception>
    /// <exception cref="TrainingStoppedException">Somebody else called it off.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public async Task<ModelTrained> RunAsync(TrainRequest asked, LoadedSnapshot snapshot, FitRun run)
    {
        var (e, _) = await request.RunAsync(asked, snapshot.Manifest.SnapshotId, 0, heldHere: true, run.Cancel);
        var lease = new TrainingLease(e.TrainingId, JobKind.Training, e.Model, null, Attempt: 1, Fence: 1);
        try
        {
            return await carryOut.RunAsync(e, lease, run, snapshot);
        }
        catch (OperationCanceledException) when (run.Cancel.IsCancellationRequested)
        {
            await outcomes.CancelledAsync(new(e.TrainingId, e.Model, asked.RequestedBy, "stopped while it was fitted", clock.GetUtcNow()));
            checkpoints.Remove(e.TrainingId);
            throw;
        }
    }
}
