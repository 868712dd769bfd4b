using Recs.Contracts.Registry;
using Recs.Training.Evaluating.Costs;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;
using Recs.Training.Tuning;

namespace Recs.Training.Trainings;

/// <summary>How one of several trainings ended.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Trained">The version; null if there is none.</param>
/// <param name="Error">Why there is none; null if there is one.</param>
public sealed record TrainingEnd(TrainRequest Request, ModelTrained? Trained, Exception? Error);

/// <summary>
/// Trains several models on one snapshot, several at once: never more than asked for, and never more than the estimates of <see cref="FitMemory"/> leave room for; one that
/// needs more than the bound by itself runs alone. The processors are shared out evenly, which changes no version's bytes. One that fails does not stop the others.
/// </summary>
public sealed class TrainSeveral(TrainModel train, TunedOptions tuned)
{
    /// <summary>Trains.</summary>
    /// <param name="requests">What to train.</param>
    /// <param name="snapshot">What to train on.</param>
    /// <param name="parallel">Fits at once, at most.</param>
    /// <param name="memoryMiB">Bound on the estimated memory of what runs at once.</param>
    /// <param name="progressOf">Who is told how far each one is; called when it begins.</param>
    /// <param name="cancel">Calls all of them off.</param>
    /// <returns>One per request, in their order.</returns>
    /// <exception cref="OperationCanceledException">All were called off.</exception>
    public async Task<IReadOnlyList<TrainingEnd>> RunAsync(
        IReadOnlyList<TrainRequest> requests, LoadedSnapshot snapshot, int parallel, long memoryMiB, Func<TrainRequest, IProgress<FitProgress>?> progressOf, CancellationToken cancel)
    {
        var gate = new MemoryGate(memoryMiB * 1024 * 1024);
        var threads = Math.Max(1, Environment.ProcessorCount / Math.Min(parallel, requests.Count));
        var ends = new TrainingEnd[requests.Count];
        await Parallel.ForAsync(0, requests.Count, new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancel }, async (i, _) =>
        {
            try
            {
                var recommender = Recommenders.Named(requests[i].Model);
                var options = await tuned.ChooseAsync(recommender, requests[i].Options, requests[i].BuiltInDefaults, cancel);
                var bytes = FitMemory.Estimate(recommender, options.Values, snapshot.Data);
                using var room = await Task.Factory.StartNew(() => gate.Enter(bytes, cancel), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default);
                ends[i] = new(requests[i], await train.RunAsync(requests[i], snapshot, new(threads, Progress: progressOf(requests[i]), Cancel: cancel)), null);
            }
            catch (Exception e) when (!cancel.IsCancellationRequested) // whatever it was: the others go on, and the caller is told
            {
                ends[i] = new(requests[i], null, e);
            }
        });
        return ends;
    }
}
