using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Reporting;
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
        try
        {
            foreach (var job in open)
            {
                terminal.Say($"going on with training {job.TrainingId} of {job.Model}, asked for at {job.RequestedAt:u} by {job.RequestedBy}");
                ends.Add(await terminal.WithFitProgressAsync($"training {job.Model}", progress => training.Resume.EndAsync(job, new(Progress: progress, Cancel: cancel))));
            }
        }
        catch (Exception e) when (cancel.IsCancellationRequested && ExpectedErrors.IsOfStopping(e))
        {
            TellStopped(terminal, [.. open.Skip(ends.Count).Select(job => (job.TrainingId, job.Model))]);
            throw;
        }

        return ends;
    }

    /// <summary>Says which trainings of the models were stopped before they were done, and what to do about them.</summary>
    public static async Task TellAsync(Terminal terminal, TrainingSide training, IReadOnlyList<string> models, CancellationToken cancel)
    {
        foreach (var job in await training.Resume.FindAsync(models, cancel))
            terminal.Say($"training {job.TrainingId} of {job.Model} is still open: 'recs train {job.Model} --resume' goes on with it, 'recs train cancel {job.TrainingId}' calls it off");
    }

    /// <summary>Says that a signal came before these trainings were done, and what becomes of them.</summary>
    public static void TellStopped(Terminal terminal, IReadOnlyList<(string Id, string Model)> open)
    {
        if (open.Count == 0) return;
        terminal.Say($"{(open.Count == 1 ? "One training stays" : $"{open.Count} trainings stay")} open:");
        foreach (var (id, model) in open)
            terminal.Say($"  {id}  {model}");
        terminal.Say($"'recs train {(open is [var only] ? only.Model : "all")} --resume' goes on, a service with the training role takes over what is open, 'recs train cancel ID' calls off.");
    }
}
