using Recs.Contracts.Registry;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.Training.Fitting;

namespace Recs.Training.Trainings;

/// <summary>
/// Goes on with trainings that are open and that nobody alive works on: a process was stopped or died over them, or no worker has come yet. Data, options and seed are those
/// that were asked for, and the fit begins at its checkpoint if there is one of the same program.
/// </summary>
public sealed class ResumeTraining(TrainingJobs jobs, TrainingLeases leases, CarryOutTraining carryOut, RecordOutcome outcomes, EventReader reader, EventTypes types)
{
    /// <summary>Such trainings, oldest first.</summary>
    /// <param name="models">Of these models.</param>
    /// <param name="cancel">Stops reading.</param>
    public async Task<IReadOnlyList<TrainingStatus>> FindAsync(IReadOnlyCollection<string> models, CancellationToken cancel = default)
        => [.. (await jobs.IdleTrainingsAsync(cancel)).Where(job => models.Contains(job.Model))];

    /// <summary>
    /// Goes on with one, as <see cref="RunAsync"/>, and tells how it ended, whatever it was, so that the others can go on. What somebody else did meanwhile is an end like
    /// another: a version of theirs is a version, and one that was called off or that another worker carries out wants nothing more from here.
    /// </summary>
    /// <param name="job">The training, as <see cref="FindAsync"/> found it.</param>
    /// <param name="run">Threads, progress and cancellation.</param>
    /// <exception cref="OperationCanceledException">The run was cancelled; the training stays open.</exception>
    public async Task<TrainingEnd> EndAsync(TrainingStatus job, FitRun run)
    {
        var asked = new TrainRequest(job.TrainingId, job.Model, new Dictionary<string, string>(), 0, job.RequestedBy, job.Reason);
        try
        {
            return new(asked, await RunAsync(job.TrainingId, run), null);
        }
        catch (TrainingStoppedException e)
        {
            var now = await jobs.FindAsync(job.TrainingId, run.Cancel);
            return now?.State is "failed" ? new(asked, null, new TrainingStoppedException(job.TrainingId, $"failed meanwhile: {now.Detail}"))
                : now?.State is "requested" or "waiting" or null ? new(asked, null, e)
                : new(asked, await outcomes.FindAsync(job.TrainingId, run.Cancel) as ModelTrained, null) { Elsewhere = now };
        }
        catch (Exception e) when (!run.Cancel.IsCancellationRequested) // whatever it was: the others go on, and the caller is told
        {
            return new(asked, null, e);
        }
    }

    /// <summary>Goes on with one. If it is stopped it stays open.</summary>
    /// <param name="trainingId">The training.</param>
    /// <param name="run">Threads, progress and cancellation.</param>
    /// <exception cref="TrainingStoppedException">Somebody else took it meanwhile, or it has another outcome.</exception>
    /// <exception cref="DivergedException">The fit diverged; recorded as <c>training_failed</c>.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled.</exception>
    public async Task<ModelTrained> RunAsync(string trainingId, FitRun run)
    {
        var lease = await leases.ClaimAsync(trainingId, run.Cancel) ?? throw new TrainingStoppedException(trainingId, "was taken over by another worker, or has ended");
        try
        {
            var asked = await reader.FindEventAsync(TrainingEventIds.Request(trainingId), run.Cancel)
                ?? throw new InvalidDataException($"Job {trainingId} has no training_requested in the log.");
            return await carryOut.RunAsync((TrainingRequested)types.Decode(asked), lease, run);
        }
        catch (OperationCanceledException) when (run.Cancel.IsCancellationRequested)
        {
            await leases.ReleaseAsync(lease, tried: false);
            throw;
        }
    }
}
