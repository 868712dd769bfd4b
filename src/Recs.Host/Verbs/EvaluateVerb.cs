using System.CommandLine;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Evaluating;
using Recs.Host.FindingData;
using Recs.Host.Reporting;
using Recs.Training.Evaluating;
using Recs.Training.Snapshots;

namespace Recs.Host.Verbs;

/// <summary><c>recs evaluate</c>: how good the models are, offline.</summary>
internal static class EvaluateVerb
{
    private static readonly Option<string> Data = new("--data") { HelpName = "PATH", Description = "Judge on this data set, without a database. [default: the snapshot taken last]" };
    private static readonly Option<string> Slates = new("--slates") { HelpName = "FILE", Description = "Write the judged lists as CSV (model,user,rank,movie,score), so that anyone can recompute the figures." };

    public static Command Create(Terminal terminal)
    {
        var verb = new Verb("evaluate", "Fit models on a part of the data and judge them on the rest: a leaderboard with 95 % intervals, slices and paired tests.")
        {
            Examples =
            [
                "evaluate", "evaluate --data data/ml-1m --models popularity,linear-autoregression --k 10", "evaluate --protocol temporal --slates slates.csv --json report.json",
                "evaluate --models ease --rerank mmr:0.3,dpp:0.5", "evaluate --protocol random --folds 5", "evaluate --protocol users --models ease --set ease.ridge=300",
            ],
            Options = { Data, Slates, Flags.Json(), Flags.Db() },
        };
        foreach (var option in EvaluationOptions.All)
            verb.Options.Add(option);
        return verb.Does(terminal, EvaluateAsync);
    }

    private static async Task<int> EvaluateAsync(Run run, CancellationToken cancel)
    {
        EvaluationOptions.Read(run, slates: null); // what is wrong with it is said before a file is made
        await using var slates = run.Get(Slates) is { } file ? Create(file) : null;
        var plan = EvaluationOptions.Read(run, slates);
        var (name, data) = await ReadAsync(run, cancel);
        if (data.RatingsOnly().Count == 0) throw new UsageException($"'{name}' holds no ratings, so there is nothing to evaluate. Import a data set first ('recs import --data FOLDER').");
        var report = await run.Terminal.WithFitProgressAsync("evaluating", progress => Task.Run(
            () => new EvaluateModels(TimeProvider.System).Run(name, data, plan, new(Progress: progress, Cancel: cancel)), cancel));
        EvaluationTables.Show(run.Terminal, report);
        run.Terminal.Report(run.JsonTarget, report);
        return ExitCode.Done;
    }

    private static async Task<(string Name, InteractionSet Data)> ReadAsync(Run run, CancellationToken cancel)
    {
        if (run.Get(Data) is { } path)
        {
            if (!Path.Exists(path)) throw new UsageException($"there is no file or folder '{Path.GetFullPath(path)}'.");
            var (name, data, rejected) = RatedData.Read(path);
            if (rejected > 0) run.Terminal.Say($"{rejected:N0} rows of {path} cannot be read and are left out ('recs import' says which).");
            return (name, data);
        }

        await using var store = await RecsStore.OpenAsync(run, cancel);
        var training = new TrainingSide(store);
        var latest = await training.Find.LatestAsync(cancel) ?? throw new UsageException("no snapshot was taken yet. Take one ('recs snapshot take'), or name a data set with --data.");
        return (latest.SnapshotId, (await training.Load.RunAsync(latest.SnapshotId, cancel)).Data);
    }

    private static StreamWriter Create(string path)
    {
        try
        {
            return new(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--slates '{path}' cannot be written: {e.Message}", e);
        }
    }
}
