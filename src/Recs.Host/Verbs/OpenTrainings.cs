using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Reporting;
using Recs.Training.Trainings;

namespace Recs.Host.Verbs;

/// <summary><c>recs train list</c>: the jobs of the training role that have not ended, reproductions included.</summary>
internal static class OpenTrainings
{
    /// <summary>Lists them, oldest first.</summary>
    public static async Task<int> ListAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var open = await new TrainingSide(store).Jobs.OpenAsync(TrainingJobs.MostOpen, cancel);
        Show(run.Terminal, open);
        run.Terminal.Report(run.JsonTarget, open);
        return ExitCode.Done;
    }

    private static void Show(Terminal terminal, IReadOnlyList<TrainingStatus> open)
    {
        if (open.Count == 0)
        {
            terminal.Say("No training is open.");
            return;
        }
        terminal.Table([["id", "model", "asked for", "by", "state", "done", "doing"], .. open.Select(Row)], 5);
        if (open.Any(job => job.State is not "running" && job.Kind == "training"))
            terminal.Say("'recs train MODEL --resume' goes on with what nobody works on, as a service with the training role does; 'recs train cancel ID' calls a training off.");
    }

    private static string[] Row(TrainingStatus job) =>
    [
        job.TrainingId, job.Version is null ? job.Model : $"{job.Version} again", $"{job.RequestedAt:u}", job.RequestedBy,
        job.State switch
        {
            "running" => $"running, {job.Worker}",
            "waiting" => "its worker fell silent",
            _ => "nobody works on it",
        },
        $"{job.Fraction:0 %}", job.Phase ?? "",
    ];
}
