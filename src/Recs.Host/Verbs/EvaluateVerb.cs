using System.CommandLine;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Evaluating;
using Recs.Host.FindingData;
using Recs.Host.Reporting;
using Recs.Training.Evaluating;
using Recs.Training.Reporting;
using Recs.Training.Snapshots;

namespace Recs.Host.Verbs;

/// <summary><c>recs evaluate</c>: how good the models are, offline.</summary>
internal static class EvaluateVerb
{
    private static readonly Option<string[]> Data = new("--data") { HelpName = "PATH", Description = "Judge on this data set, without a database; may be given more than once. [default: the snapshot taken last]" };
    private static readonly Option<string> Slates = new("--slates") { HelpName = "FILE", Description = "Write the judged lists as CSV (model,user,rank,movie,score), so that anyone can recompute the figures." };
    private static readonly Option<string> Predictions = new("--predictions") { HelpName = "FILE", Description = "Write the predicted ratings of the protocol random as CSV (model,user,movie,actual,predicted; with folds also the fold), so that anyone can recompute RMSE and MAE." };
    private static readonly Option<string> Report = new("--report") { HelpName = "FOLDER", Description = "Write leaderboard.md, leaderboard/*.json and model-cards/*.md; run it again to go on where it stopped. Needs --data." };

    public static Command Create(Terminal terminal)
    {
        var verb = new Verb("evaluate", "Fit models on a part of the data and judge them on the rest: a leaderboard with 95 % intervals, slices and paired tests.")
        {
            Examples =
            [
                "evaluate", "evaluate --data data/ml-1m --models popularity,linear-autoregression --k 10", "evaluate --protocol temporal --slates slates.csv --json report.json",
                "evaluate --models ease,als --rerank ease+mmr:0.3,ease+dpp:0.3", "evaluate --protocol random --folds 5 --predictions predictions.csv", "evaluate --protocol users --models ease --set ease.ridge=300",
                "evaluate --data data/ml-1m --data data/ml-latest-small --protocol all --folds 5 --twice --report docs",
            ],
            Options = { Data, Slates, Predictions, Report, Flags.Json(), Flags.Db() },
        };
        foreach (var option in EvaluationOptions.All)
            verb.Options.Add(option);
        return verb.Does(terminal, EvaluateAsync);
    }

    private static async Task<int> EvaluateAsync(Run run, CancellationToken cancel)
    {
        var plans = EvaluationOptions.Read(run); // what is wrong with it is said before a file is made
        var (data, folder) = (run.Get(Data) ?? [], run.Get(Report));
        if ((plans.Count > 1 || data.Length > 1 || folder is not null) && (run.JsonTarget ?? run.Get(Slates) ?? run.Get(Predictions)) is not null)
            throw new UsageException("--json, --slates and --predictions take one report, of one data set and one protocol; --report FOLDER writes the reports of several.");
        if (folder is not null && data.Length == 0)
            throw new UsageException("--report needs --data PATH: a leaderboard is about data sets that others can get, not about a snapshot of this log.");
        OutputPath.CheckFolder("--report", folder);
        OutputPath.CheckFile("--slates", run.Get(Slates));
        OutputPath.CheckFile("--predictions", run.Get(Predictions));
        CheckWritable(run, plans);
        var datasets = await ReadAsync(run, data, cancel);
        var failed = folder is not null ? await ReportRun.DoAsync(run.Terminal, folder, datasets, plans, cancel)
            : await WithFileAsync(run.Get(Slates), slates => WithFileAsync(run.Get(Predictions), predictions
                => EvaluateAsync(run, datasets, EvaluationOptions.Read(run, slates, predictions), cancel)));
        return failed.Count == 0 ? ExitCode.Done : run.Terminal.Fail($"no figure for {string.Join(", ", failed)}, which could not be fitted; why is said above and in the report.", ExitCode.NotHeld);
    }

    /// <summary>Says before anything is read that a protocol has nothing to write into a file that was asked for.</summary>
    private static void CheckWritable(Run run, IReadOnlyList<EvaluationPlan> plans)
    {
        foreach (var plan in plans)
            Asked.For(() =>
            {
                (plan with { Slates = run.Get(Slates) is null ? null : TextWriter.Null, Predictions = run.Get(Predictions) is null ? null : TextWriter.Null }).Check();
                return plan;
            });
    }

    /// <summary>Writes beside the file and puts it in its place at the end: a run that is refused or stopped leaves a former file as it was.</summary>
    private static async Task<T> WithFileAsync<T>(string? file, Func<TextWriter?, Task<T>> evaluate)
    {
        if (file is null)
            return await evaluate(null);
        var part = file + ".part";
        try
        {
            T result;
            await using (var writer = new StreamWriter(part))
                result = await evaluate(writer);
            File.Move(part, file, overwrite: true);
            return result;
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static async Task<IReadOnlyList<string>> EvaluateAsync(
        Run run, IReadOnlyList<(string Name, InteractionSet Data)> datasets, IReadOnlyList<EvaluationPlan> plans, CancellationToken cancel)
    {
        var failed = new List<string>();
        foreach (var (name, set) in datasets)
            foreach (var plan in plans)
                failed.AddRange(Standings.Failed(await EvaluateAsync(run, name, set, plan, cancel)).Select(f => f.Model));
        return [.. failed.Distinct()];
    }

    private static async Task<EvaluationReport> EvaluateAsync(Run run, string name, InteractionSet data, EvaluationPlan plan, CancellationToken cancel)
    {
        var report = await run.Terminal.WithFitProgressAsync("evaluating", progress => Task.Run(
            () => new EvaluateModels(TimeProvider.System).Run(name, data, plan, new(Progress: progress, Cancel: cancel)), cancel));
        EvaluationTables.Show(run.Terminal, report);
        run.Terminal.Report(run.JsonTarget, report);
        return report;
    }

    private static async Task<IReadOnlyList<(string Name, InteractionSet Data)>> ReadAsync(Run run, string[] paths, CancellationToken cancel)
    {
        if (paths.FirstOrDefault(path => !Path.Exists(path)) is { } missing)
            throw new UsageException($"there is no file or folder '{Path.GetFullPath(missing)}'.");
        var datasets = paths.Length > 0 ? [.. paths.Select(path => Read(run, path))] : new[] { await LatestSnapshotAsync(run, cancel) };
        return datasets.FirstOrDefault(d => d.Data.RatingsOnly().Count == 0) is { Data: not null } empty
            ? throw new UsageException($"'{empty.Name}' holds no ratings, so there is nothing to evaluate. Import a data set first ('recs import --data FOLDER').")
            : datasets;
    }

    private static (string Name, InteractionSet Data) Read(Run run, string path)
    {
        var (name, data, rejected) = RatedData.Read(path);
        if (rejected > 0) run.Terminal.Say($"{rejected:N0} rows of {path} cannot be read and are left out ('recs import' says which).");
        return (name, data);
    }

    private static async Task<(string Name, InteractionSet Data)> LatestSnapshotAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var training = new TrainingSide(store);
        var latest = await training.Find.LatestAsync(cancel) ?? throw new UsageException("no snapshot was taken yet. Take one ('recs snapshot take'), or name a data set with --data.");
        return (latest.SnapshotId, (await training.Load.RunAsync(latest.SnapshotId, cancel)).Data);
    }
}
