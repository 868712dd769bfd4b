using System.CommandLine;
using Recs.Contracts.Registry;
using Recs.Contracts.Snapshots;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Reporting;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;

namespace Recs.Host.Verbs;

/// <summary><c>recs train</c>: a new version of one model, or of all.</summary>
internal static class TrainVerb
{
    private const string Everything = "all";
    private static readonly Argument<string> Model = new("model") { Description = $"{string.Join(", ", Recommenders.All.Select(r => r.Name))} or all." };
    private static readonly Option<string> Snapshot = new("--snapshot") { HelpName = "ID", Description = "Snapshot to train on. [default: a new one of the whole log]" };
    private static readonly Option<ulong> Seed = new("--seed") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "Key of every random draw." };
    private static readonly Option<string[]> Set = new("--set") { HelpName = "NAME=VALUE", Description = "A hyper-parameter; may be given more than once." };
    private static readonly Option<string> Reason = new("--reason") { HelpName = "TEXT", DefaultValueFactory = _ => "asked for on the command line", Description = "Why; the log keeps it." };

    private static readonly Argument<string> Training = new("id") { Description = "The training's id, as 'recs train' and POST /training print it." };

    public static Command Create(Terminal terminal)
        => new Verb("train", "Train a model on a snapshot. The version is recorded with all that is needed to make the same bytes again; promote it to put it into production.")
        {
            Examples = ["train all", "train linear-autoregression --set ridge=300 --seed 7", "train popularity --snapshot s1010132"],
            Arguments = { Model },
            Options = { Snapshot, Seed, Set, Reason, Flags.Json(), Flags.Db() },
            Subcommands =
            {
                new Verb("cancel", "Call a training off, whichever process carries it out.")
                {
                    Examples = ["train cancel 0193a5c0f1b27c0e8d6f000000000000"], Arguments = { Training }, Options = { Reason, Flags.Json(), Flags.Db() },
                }.Does(terminal, CancelAsync),
            },
        }.Does(terminal, TrainAsync);

    private static async Task<int> TrainAsync(Run run, CancellationToken cancel)
    {
        var options = ParseOptions(run.Get(Set) ?? []);
        IReadOnlyList<IRecommender> models = run.Get(Model) == Everything ? Recommenders.All : [Asked.For(() => Recommenders.Named(run.Get(Model)))];
        foreach (var model in models) Asked.For(() => OptionValues.Parse(model.Options, options));
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var training = new TrainingSide(store);
        var snapshot = await SnapshotAsync(run, store, training, cancel);
        var versions = new List<ModelTrained>();
        foreach (var model in models) versions.Add(await FitAsync(run.Terminal, training, model.Name, options, run.Get(Seed), run.Get(Reason)!, snapshot, cancel));
        run.Terminal.Report(run.JsonTarget, new { versions });
        return ExitCode.Done;
    }

    private static async Task<int> CancelAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var job = await new TrainingSide(store).Cancel.RunAsync(run.Get(Training), Environment.UserName, run.Get(Reason)!, cancel)
            ?? throw new UsageException($"there is no training '{run.Get(Training)}'.");
        run.Terminal.Say(job.State == "cancelled" ? $"{job.TrainingId} is called off." : $"{job.TrainingId} had ended already: {job.State}{(job.Version is null ? "" : ", " + job.Version)}.");
        run.Terminal.Report(run.JsonTarget, job);
        return job.State == "cancelled" ? ExitCode.Done : ExitCode.NotHeld;
    }

    /// <summary>Fits one model and says what came of it.</summary>
    internal static async Task<ModelTrained> FitAsync(
        Terminal terminal, TrainingSide training, string model, IReadOnlyDictionary<string, string> options, ulong seed, string reason, LoadedSnapshot snapshot, CancellationToken cancel)
    {
        var request = new TrainRequest(Guid.CreateVersion7().ToString("N"), model, options, seed, Environment.UserName, reason);
        terminal.Say($"training {model} on snapshot {snapshot.Manifest.SnapshotId} ({snapshot.Manifest.Count:N0} interactions); 'recs train cancel {request.TrainingId}' calls it off");
        var trained = await terminal.WithFitProgressAsync($"training {model}", progress
            => training.Train.RunAsync(request, snapshot, new(Progress: progress, Cancel: cancel)));
        terminal.Say($"{trained.Version}: {trained.Seconds:0.0} s, {trained.Bytes / 1048576.0:0.0} MiB, snapshot {trained.SnapshotId}, content {trained.ContentHash[..12]}");
        return trained;
    }

    private static async Task<LoadedSnapshot> SnapshotAsync(Run run, RecsStore store, TrainingSide training, CancellationToken cancel)
    {
        if (run.Get(Snapshot) is { } id) return await Asked.ForAsync(training.Load.RunAsync(id, cancel));
        var (through, filters) = ((await store.MarkAsync(cancel)).Current, new SnapshotFilters());
        try
        {
            return await training.Take.ToTrainOnAsync(TakeSnapshot.DefaultId(through, filters), through, filters, cancel);
        }
        catch (NothingToTrainOnException e)
        {
            throw new UsageException("the log holds no rating and no watch yet, so there is nothing to train on. Import a data set first ('recs import').", e);
        }
    }

    private static Dictionary<string, string> ParseOptions(string[] pairs)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in pairs)
            options[pair.Split('=', 2) is [{ Length: > 0 } name, { Length: > 0 }] ? name : throw new UsageException($"--set '{pair}' is not NAME=VALUE.")] = pair.Split('=', 2)[1];
        return options;
    }
}
