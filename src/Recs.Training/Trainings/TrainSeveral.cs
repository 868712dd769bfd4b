using Recs.Contracts.Registry;
using Recs.Training.Evaluating.Costs;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;

namespace Recs.Training.Trainings;

/// <summary>How one of several trainings ended.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Trained">The version; null if there is none.</param>
/// <param name="Error">Why it failed; null if it did not.</param>
public sealed record TrainingEnd(TrainRequest Request, ModelTrained? Trained, Exception? Error)
{
    /// <summary>How it stands, where somebody else than this run decided that: trained or carried out by another worker, or called off; null where this run ended it.</summary>
    public TrainingStatus? Elsewhere { get; init; }
}

/// <summary>
/// Trains several models on one snapshot, several at once: never more than asked for, and never more than the estimates of <see cref="FitMemory"/> leave room for; one that
/// needs more than the bound by itself runs alone. The processors are shared out evenly, which changes no version's bytes. One that fails does not stop the others. All are
/// asked for in the log before the first begins; what is stopped stays open there, its checkpoint with it, for <see cref="ResumeTraining"/> or a worker.
/// </summary>
public sealed class TrainSeveral(RequestTraining request, CarryOutTraining carryOut, TrainingLeases leases, TrainingOptions options)
{
    /// <summary>Asks for all of them: from then on each is known by its id and may be called off.</summary>
    /// <param name="requests">What to train.</param>
    /// <param name="snapshot">What to train on.</param>
    /// <param name="cancel">Stops; what was asked for until then is left open.</param>
    /// <exception cref="WrongTrainingException">An unknown model or a wrong option.</exception>
    public async Task<AskedTrainings> AskAsync(IReadOnlyList<TrainRequest> requests, LoadedSnapshot snapshot, CancellationToken cancel)
    {
        var asked = new AskedTrainings(leases, snapshot);
        try
        {
            foreach (var one in requests)
            {
                var (e, _) = await request.RunAsync(one, snapshot.Manifest.SnapshotId, 0, heldHere: true, cancel);
                asked.Add(one, e, new(e.TrainingId, JobKind.Training, e.Model, null, Attempt: 1, Fence: 1), options.Beat);
            }

            return asked;
        }
        catch
        {
            await asked.DisposeAsync();
            throw;
        }
    }

    /// <summary>Trains.</summary>
    /// <param name="asked">What was asked for.</param>
    /// <param name="parallel">Fits at once, at most.</param>
    /// <param name="memoryMiB">Bound on the estimated memory of what runs at once.</param>
    /// <param name="progressOf">Who is told how far each one is; called when it begins.</param>
    /// <param name="cancel">Stops all of them.</param>
    /// <returns>One per request, in their order.</returns>
    /// <exception cref="OperationCanceledException">All were stopped.</exception>
    public async Task<IReadOnlyList<TrainingEnd>> RunAsync(
        AskedTrainings asked, int parallel, long memoryMiB, Func<TrainRequest, IProgress<FitProgress>?> progressOf, CancellationToken cancel)
    {
        var gate = new MemoryGate(memoryMiB * 1024 * 1024);
        var threads = Math.Max(1, Environment.ProcessorCount / Math.Min(parallel, asked.Count));
        var ends = new TrainingEnd[asked.Count];
        await Parallel.ForAsync(0, asked.Count, new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancel }, async (i, _) =>
        {
            var training = asked[i];
            IProgress<FitProgress>? progress = null;
            try
            {
                var recommender = Recommenders.Named(training.Event.Model);
                var bytes = FitMemory.Estimate(recommender, OptionValues.Parse(recommender.Options, training.Event.Options), asked.Snapshot.Data);
                using var room = await Task.Factory.StartNew(() => gate.Enter(bytes, cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                await training.StopBeatingAsync();
                progress = progressOf(training.Request);
                ends[i] = new(training.Request, await carryOut.RunAsync(training.Event, training.Lease, new(threads, Progress: progress, Cancel: cancel), asked.Snapshot), null);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested) // whatever it was: the others go on, and the caller is told
            {
                ends[i] = new(training.Request, null, e);
            }

            progress?.Report(new(ends[i].Trained is null ? "failed" : "trained", 1));
            training.Ended = true;
        });
        return ends;
    }
}
