using System.CommandLine;
using System.Runtime.ExceptionServices;
using Recs.Contracts.Registry;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Reporting;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;
using Recs.Training.Trainings;
using Recs.Training.Tuning;

namespace Recs.Host.Verbs;

/// <summary><c>recs train</c>: a new version of one model, or of all.</summary>
internal static class TrainVerb
{
    private const string Everything = "all";
    private const int MostParallel = 64;
    private static readonly Argument<string> Model = new("model") { Description = $"{string.Join(", ", Recommenders.All.Select(r => r.Name))} or all." };
    private static readonly Option<string> Snapshot = new("--snapshot") { HelpName = "ID", Description = "Snapshot to train on. [default: a new one of the whole log]" };
    private static readonly Option<ulong> Seed = new("--seed") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "Key of every random draw." };
    private static readonly Option<string[]> Set = new("--set") { HelpName = "NAME=VALUE", Description = "A hyper-parameter; may be given more than once." };
    private static readonly Option<string> Defaults = Choice("--defaults", [ChosenOptions.Tuned, ChosenOptions.BuiltIn], "What the other options are: what 'recs tune' chose last, else the built-in ones; or the built-in ones.");
    private static readonly Option<int?> ParallelFits = new("--parallel") { HelpName = "N", Description = "Fits at once, at most; they share the processors. [default: one per processor]" };
    private static readonly Option<long?> Memory = new("--memory") { HelpName = "MIB", Description = "Bound on the estimated memory of all fits that run at once. [default: half of the machine's]" };
    private static readonly Option<string> Reason = new("--reason") { HelpName = "TEXT", DefaultValueFactory = _ => "asked for on the command line", Description = "Why; the log keeps it." };
    private static readonly Option<bool> Resume = new("--resume") { Description = "Go on with the trainings of the model (or of all) that were stopped or killed before they were done, on the data and with the options that they were asked for with." };

    private static readonly Argument<string> Training = new("id") { Description = "The training's id, as 'recs train' and POST /training print it." };

    public static Command Create(Terminal terminal)
        => new Verb("train", "Train a model on a snapshot. The version is recorded with all that is needed to make the same bytes again; promote it to put it into production.")
        {
            Examples = ["train all", "train linear-autoregression --set ridge=300 --seed 7", "train popularity --snapshot s1010132", "train all --parallel 2 --memory 4096", "train all --resume", "train list"],
            More = parsed => ModelOptions.Lines(parsed.GetResult(Model)?.Tokens is [var model] ? model.Value : null),
            Arguments = { Model },
            Options = { Snapshot, Seed, Set, Defaults, ParallelFits, Memory, Reason, Resume, Flags.Json(), Flags.Db() },
            Subcommands =
            {
                new Verb("cancel", "Call a training off, whichever process carries it out.")
                {
                    Examples = ["train cancel 0193a5c0f1b27c0e8d6f000000000000"], Arguments = { Training }, Options = { Reason, Flags.Json(), Flags.Db() },
                }.Does(terminal, CancelAsync),
                new Verb("list", "Trainings that are open: who works on them, how far they are, and which wait for somebody to go on with them.")
                {
                    Examples = ["train list", "train list --json -"], Options = { Flags.Json(), Flags.Db() },
                }.Does(terminal, OpenTrainings.ListAsync),
            },
        }.Does(terminal, TrainAsync);

    private static async Task<int> TrainAsync(Run run, CancellationToken cancel)
    {
        var options = SetPairs.Read(run.Get(Set), "NAME=VALUE");
        IReadOnlyList<IRecommender> models = run.Get(Model) == Everything ? Recommenders.All : [Asked.For(() => Recommenders.Named(run.Get(Model)))];
        SetPairs.Check(models, options);
        var parallel = run.Get(ParallelFits) ?? Math.Min(models.Count, Environment.ProcessorCount);
        var memory = run.Get(Memory) ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (2 * 1024 * 1024);
        if (parallel is < 1 or > MostParallel) throw new UsageException($"--parallel {parallel} is not from 1 to {MostParallel}.");
        if (memory < 1) throw new UsageException($"--memory {memory} is not at least 1 MiB.");
        if (run.Get(Resume) && new Option[] { Snapshot, Seed, Set, Defaults, ParallelFits, Memory, Reason }.FirstOrDefault(o => run.Parsed.GetResult(o) is { Implicit: false }) is { } stray)
            throw new UsageException($"{stray.Name} is for a new training; --resume goes on with what was asked for.");
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var training = new TrainingSide(store);
        List<string> names = [.. models.Select(m => m.Name)];
        if (run.Get(Resume))
            return Report(run, await ResumedTrainings.RunAsync(run.Terminal, training, names, cancel));
        await ResumedTrainings.TellAsync(run.Terminal, training, names, cancel);
        var snapshot = await SnapshotToTrainOn.FindAsync(run.Get(Snapshot), store, training, cancel);
        var builtIn = run.Get(Defaults) == ChosenOptions.BuiltIn;
        List<TrainRequest> requests = [.. models.Select(m => new TrainRequest(Guid.CreateVersion7().ToString("N"), m.Name, options, run.Get(Seed), Environment.UserName, run.Get(Reason)!, builtIn))];
        await using var asked = await training.TrainSeveral.AskAsync(requests, snapshot, cancel);
        foreach (var e in asked.Events) Announce(run.Terminal, e, snapshot);
        try
        {
            return Report(run, await run.Terminal.WithSeveralFitsAsync(progressOf
                => training.TrainSeveral.RunAsync(asked, parallel, memory, request => progressOf($"training {request.Model}"), cancel)));
        }
        catch (Exception e) when (cancel.IsCancellationRequested && ExpectedErrors.IsOfStopping(e))
        {
            ResumedTrainings.TellStopped(run.Terminal, [.. asked.Open.Select(open => (open.TrainingId, open.Model))]);
            throw;
        }
    }

    private static int Report(Run run, IReadOnlyList<TrainingEnd> ends)
    {
        foreach (var end in ends) run.Terminal.Say(Describe(end));
        List<TrainingEnd> failed = [.. ends.Where(e => e.Error is not null)];
        run.Terminal.Report(run.JsonTarget, new
        {
            versions = ends.Select(e => e.Trained).OfType<ModelTrained>(),
            elsewhere = ends.Select(e => e.Elsewhere).OfType<TrainingStatus>(),
            failed = failed.Select(e => new { e.Request.TrainingId, e.Request.Model, reason = e.Error!.Message }),
        });
        if (ends is [{ Error: { } error }]) ExceptionDispatchInfo.Throw(error);
        return failed.Count == 0 ? ExitCode.Done : run.Terminal.Fail($"{failed.Count} of {ends.Count} trainings gave no version: {string.Join(", ", failed.Select(e => e.Request.Model))}.", ExitCode.NotHeld);
    }

    private static void Announce(Terminal terminal, TrainingRequested asked, LoadedSnapshot snapshot)
    {
        terminal.Say($"training {asked.Model} on snapshot {snapshot.Manifest.SnapshotId} ({snapshot.Manifest.Count:N0} interactions); 'recs train cancel {asked.TrainingId}' calls it off");
        foreach (var tuning in (asked.OptionSources ?? new Dictionary<string, string>()).Where(s => s.Value is not (ChosenOptions.Given or ChosenOptions.BuiltIn)).GroupBy(s => s.Value))
            terminal.Say($"  tuned by {tuning.Key}: {string.Join(", ", tuning.Select(s => $"{s.Key}={asked.Options[s.Key]}"))} ('--defaults built-in' leaves that aside)");
    }

    private static string Describe(TrainingEnd end) => end switch
    {
        { Trained: { } trained } => $"{trained.Version}: {trained.Seconds:0.0} s, {trained.Bytes / 1048576.0:0.0} MiB, snapshot {trained.SnapshotId}, content {trained.ContentHash[..12]}"
            + (end.Elsewhere is null ? "" : ", by another process"),
        { Elsewhere: { Ended: true } job } => $"{job.Model}: {job.State} meanwhile, {job.Detail}",
        { Elsewhere: { } job } => $"{job.Model}: {job.Worker} works on it now; 'recs train list' says how far it is",
        _ => $"{end.Request.Model}: no version. {end.Error!.Message}",
    };

    private static async Task<int> CancelAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var (job, now) = await new TrainingSide(store).Cancel.RunAsync(run.Get(Training), Environment.UserName, run.Get(Reason)!, cancel)
            ?? throw new UsageException($"there is no training '{run.Get(Training)}'; 'recs train list' lists those that are open.");
        run.Terminal.Say(job.State switch
        {
            "cancelled" when now => $"{job.TrainingId} of {job.Model} is called off.",
            "cancelled" => $"{job.TrainingId} of {job.Model} was called off already, at {job.EndedAt:u} {job.Detail}.",
            _ => $"{job.TrainingId} had ended already: {job.State}{(job.Version is null ? "" : ", " + job.Version)}.",
        });
        run.Terminal.Report(run.JsonTarget, job);
        return job.State == "cancelled" ? ExitCode.Done : ExitCode.NotHeld;
    }

    private static Option<string> Choice(string name, string[] choices, string description)
    {
        var option = new Option<string>(name) { HelpName = string.Join('|', choices), DefaultValueFactory = _ => choices[0], Description = description };
        option.AcceptOnlyFromAmong(choices);
        return option;
    }
}
