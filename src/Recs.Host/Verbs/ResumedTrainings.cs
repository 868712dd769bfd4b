using Recs.Contracts.Registry;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Reporting;
using Recs.Training.Fitting;
using Recs.Training.Trainings;

namespace Recs.Host.Verbs;

/// <summary><c>recs train --resume</c>: goes on with what was stopped.</summary>
internal static class ResumedTrainings
{
    /// <summary>Goes on with the open trainings of some models, one after the other; one that fails does not stop the others.</summary>
    /// <returns>How each ended, oldest first.</returns>
    /// <exception cref="UsageException">There is none.</exception>
    public static async Task<IReadOnlyList<TrainingEnd>> RunAsync(Terminal terminal, TrainingSide training, IReadOnlyList<string> models, CancellationToken cancel)
    {
        var open = await training.Resume.FindAsync(models, cancel);
        if (open.Count == 0)
            throw new UsageException($"no training of {(models.Count == 1 ? models[0] : "any model")} was stopped before it was done (one whose process was killed a moment ago counts as running for some seconds).");
        var ends = new List<TrainingEnd>();
        foreach (var job in open)
        {
            terminal.Say($"going on with training {job.TrainingId} of {job.Model}, asked for at {job.RequestedAt:u} by {job.RequestedBy}");
            ends.Add(await EndAsync(terminal, training, job, cancel));
        }

        return ends;
    }

    /// <summary>Says which trainings of the models were stopped before they were done, and what to do about them.</summary>
    public static async Task TellAsync(Terminal terminal, TrainingSide training, IReadOnlyList<string> models, CancellationToken cancel)
    {
        foreach (var job in await training.Resume.FindAsync(models, cancel))
            terminal.Say($"training {job.TrainingId} of {job.Model} is still open: 'recs train {job.Model} --resume' goes on with it, 'recs train cancel {job.TrainingId}' calls it off");
    }

    private static async Task<TrainingEnd> EndAsync(Terminal terminal, TrainingSide training, TrainingStatus job, CancellationToken cancel)
    {
        var asked = new TrainRequest(job.TrainingId, job.Model, new Dictionary<string, string>(), 0, job.RequestedBy, job.Reason);
        try
        {
            return new(asked, await terminal.WithFitProgressAsync<ModelTrained>($"training {job.Model}", progress => training.Resume.RunAsync(job.TrainingId, new(Progress: progress, Cancel: cancel))), null);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested) // whatever it was: the others go on, and the caller is told
        {
            return new(asked, null, e);
        }
    }
}
