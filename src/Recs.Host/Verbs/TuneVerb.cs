using System.CommandLine;
using System.Globalization;
using Recs.Contracts.Registry;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Configuring;
using Recs.Host.FindingData;
using Recs.Host.Reporting;
using Recs.Training.Fitting;
using Recs.Training.Tuning;

namespace Recs.Host.Verbs;

/// <summary><c>recs tune</c>: chooses a model's options on validation data.</summary>
internal static class TuneVerb
{
    private const int Shown = 10, ShownFailures = 3;
    private static readonly Argument<string> Model = new("model") { Description = $"{string.Join(", ", Recommenders.All.Select(r => r.Name))}." };
    private static readonly Option<double> Minutes = new("--minutes") { HelpName = "M", DefaultValueFactory = _ => 10, Description = "No trial begins after this time. Run it again and it goes on where it was." };
    private static readonly Option<int> Trials = new("--trials") { HelpName = "N", DefaultValueFactory = _ => 27, Description = $"Sets of options to try, 1 to {TuningPlan.MostTrials}; the first is the built-in defaults." };
    private static readonly Option<ulong> Seed = new("--seed") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "Key of every random draw." };
    private static readonly Option<string?> Metric = new("--metric") { HelpName = "ndcg|rmse", Description = "ndcg: NDCG@10 of the second-last movie. rmse: of a tenth of the ratings. [default: rmse for a model that predicts ratings, else ndcg]" };
    private static readonly Option<string> Data = new("--data") { HelpName = "PATH", Description = "Tune on this data set, without a database; the trials are kept in a file." };
    private static readonly Option<string> Snapshot = new("--snapshot") { HelpName = "ID", Description = "Snapshot to tune on. [default: the one taken last, or a new one of the whole log]" };
    private static readonly Option<string> Out = new("--out") { HelpName = "FILE", Description = "With --data: file of the trials, one JSON object per line. [default: tuning-MODEL.jsonl in the home]" };

    public static Command Create(Terminal terminal)
    {
        var verb = new Verb("tune", "Choose a model's options: random search and successive halving, judged on data that no reported figure rests on. 'recs train' uses what it chose on the log.")
        {
            Examples = ["tune ease --minutes 5", "tune als --trials 81 --seed 2", "tune knn-baseline --metric rmse --data data/ml-1m --out trials.jsonl"],
            Arguments = { Model },
            Options = { Minutes, Trials, Seed, Metric, Data, Snapshot, Out, Flags.Json(), Flags.Db() },
        };
        Metric.AcceptOnlyFromAmong("ndcg", "rmse");
        return verb.Does(terminal, TuneAsync);
    }

    private static async Task<int> TuneAsync(Run run, CancellationToken cancel)
    {
        TuningMetric? metric = run.Get(Metric) switch { null => null, "rmse" => TuningMetric.Rmse, _ => TuningMetric.Ndcg };
        var plan = Asked.For(() => TuningPlan.Of(Recommenders.Named(run.Get(Model)), metric, run.Get(Trials), run.Get(Seed)));
        if (run.Get(Minutes) is not (> 0 and <= 1e6)) throw new UsageException($"--minutes {run.Get(Minutes).ToString(CultureInfo.InvariantCulture)} is not more than 0 and at most 1,000,000.");
        plan = plan with { Budget = TimeSpan.FromMinutes(run.Get(Minutes)) };
        if (run.Get(Data) is not null && run.Get(Snapshot) is not null) throw new UsageException("--data names a data set and --snapshot one of the log; give one of them.");
        if (run.Get(Data) is null && run.Get(Out) is not null) throw new UsageException("--out is for --data; without it the trials are kept in the log.");
        var report = run.Get(Data) is { } path ? await OnDataAsync(run, plan, path, cancel) : await OnLogAsync(run, plan, cancel);
        Show(run.Terminal, plan, report, ofTheLog: run.Get(Data) is null);
        run.Terminal.Report(run.JsonTarget, report);
        return report.Tuned is null ? ExitCode.NotHeld : ExitCode.Done;
    }

    private static Task<TuningReport> OnDataAsync(Run run, TuningPlan plan, string path, CancellationToken cancel)
    {
        if (!Path.Exists(path)) throw new UsageException($"there is no file or folder '{Path.GetFullPath(path)}'.");
        OutputPath.CheckFile("--out", run.Get(Out));
        var (name, data, rejected) = RatedData.Read(path);
        if (rejected > 0) run.Terminal.Say($"{rejected:N0} rows of {path} cannot be read and are left out ('recs import' says which).");
        var file = run.Get(Out) ?? Path.Combine(run.Settings[Setting.Home], $"tuning-{plan.Recommender.Name}.jsonl");
        run.Terminal.Say($"tuning {plan.Recommender.Name} on {name}; the trials are kept in {file}");
        return run.Terminal.WithFitProgressAsync($"tuning {plan.Recommender.Name}", progress
            => new TuneOptions(TimeProvider.System).RunAsync(name, data, plan, new TuningFile(file), new(Progress: progress, Cancel: cancel)), plan.Budget);
    }

    private static async Task<TuningReport> OnLogAsync(Run run, TuningPlan plan, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var training = new TrainingSide(store);
        // The latest one rather than a new one, so that a second run means the same data.
        var named = run.Get(Snapshot) ?? (await training.Find.LatestAsync(cancel))?.SnapshotId;
        var snapshot = await SnapshotToTrainOn.FindAsync(named, store, training, cancel);
        run.Terminal.Say($"tuning {plan.Recommender.Name} on snapshot {snapshot.Manifest.SnapshotId} ({snapshot.Manifest.Count:N0} interactions)");
        return await run.Terminal.WithFitProgressAsync($"tuning {plan.Recommender.Name}", progress
            => new TuneOptions(TimeProvider.System).RunAsync(snapshot.Manifest.SnapshotId, snapshot.Data, plan, training.Tuning, new(Progress: progress, Cancel: cancel)), plan.Budget);
    }

    private static void Show(Terminal terminal, TuningPlan plan, TuningReport report, bool ofTheLog)
    {
        var names = SearchSpace.Of(plan.Recommender, plan.Metric).Select(o => o.Name).ToList();
        var best = report.Trials.OrderByDescending(t => t.Rung).ThenBy(t => plan.Metric == TuningMetric.Rmse ? t.Value ?? double.PositiveInfinity : -(t.Value ?? double.NegativeInfinity)).ThenBy(t => t.Trial);
        terminal.Table(
            [
                ["trial", "people", report.Metric, "s", "options"],
                .. best.Take(Shown).Select(t => new[]
                {
                    t.Trial == 0 ? "built-in" : $"{t.Trial}", $"{t.Share:0 %}", t.Value?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "failed", $"{t.Seconds:0.0}",
                    string.Join(" ", names.Select(name => $"{name}={t.Options[name]}")),
                }),
            ], 1, 2, 3);
        foreach (var remark in Remarks(report))
            terminal.Say(remark);
        terminal.Say(report.Tuned is { } tuned ? $"{Chosen(tuned)}. {Use(tuned, ofTheLog)}" : $"{report.Trials.Count} of at most {report.Planned} judgements are done and kept as {report.TuningId}; nothing is chosen yet. Run the same again and it goes on.");
    }

    /// <summary>Why trials failed, the first few of them, and what takes weight from the choice.</summary>
    internal static IEnumerable<string> Remarks(TuningReport report)
    {
        var failed = report.Trials.Where(t => t.Failure is not null).ToList();
        foreach (var trial in failed.Take(ShownFailures))
            yield return $"{(trial.Trial == 0 ? "The built-in options" : $"Trial {trial.Trial}")} failed on {trial.Share:0 %} of the people: {trial.Failure}";
        if (failed.Count > ShownFailures)
            yield return $"{failed.Count - ShownFailures} more judgements failed (--json has the reasons).";
        foreach (var warning in report.Warnings)
            yield return "Warning: " + warning;
    }

    private static string Use(OptionsTuned tuned, bool ofTheLog) => tuned.Trial == 0 ? "They are what 'recs train' uses anyway."
        : ofTheLog ? $"'recs train {tuned.Model}' uses them from now on."
        : $"To train with them: recs train {tuned.Model} {string.Join(" ", tuned.Options.Select(o => $"--set {o.Key}={o.Value}"))}";

    private static string Chosen(OptionsTuned tuned)
        => $"{tuned.TuningId} chose {(tuned.Trial == 0 ? "the built-in options" : $"trial {tuned.Trial}")}: {string.Join(" ", tuned.Options.Select(o => $"{o.Key}={o.Value}"))}, {tuned.Metric} "
            + $"{tuned.Value.ToString("0.0000", CultureInfo.InvariantCulture)} where the built-in ones have {tuned.BuiltInValue?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "none"} (validation data)";
}
