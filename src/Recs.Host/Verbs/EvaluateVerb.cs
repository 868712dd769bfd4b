using System.CommandLine;
using System.Globalization;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.FindingData;
using Recs.Host.Reporting;
using Recs.Training.Evaluating;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;

namespace Recs.Host.Verbs;

/// <summary><c>recs evaluate</c>: how good the models are, offline.</summary>
internal static class EvaluateVerb
{
    private static readonly Option<string> Data = new("--data") { HelpName = "PATH", Description = "Judge on this data set, without a database. [default: the snapshot taken last]" };
    private static readonly Option<string> Models = new("--models") { HelpName = "A,B|all", DefaultValueFactory = _ => "all", Description = $"Models: {string.Join(", ", Recommenders.All.Select(r => r.Name))}." };
    private static readonly Option<string> Protocol = Choice("--protocol", LeaveLastOut.Name, "How the data is cut; for now leave-last-out: each user's last rating is to be found among all movies that the user has not rated.");
    private static readonly Option<string> Ks = new("--k") { HelpName = "N,N", DefaultValueFactory = _ => "5,10,20", Description = "Lengths of the lists." };
    private static readonly Option<ulong> Seed = new("--seed") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "Key of every random draw." };
    private static readonly Option<string> Slates = new("--slates") { HelpName = "FILE", Description = "Write the judged lists as CSV (model,user,rank,movie,score), so that anyone can recompute the figures." };

    public static Command Create(Terminal terminal)
        => new Verb("evaluate", "Fit models on a part of the data and judge them on the rest: a leaderboard with 95 % intervals.")
        {
            Examples = ["evaluate", "evaluate --data data/ml-1m --models popularity,linear-autoregression --k 10", "evaluate --slates slates.csv --json report.json"],
            Options = { Data, Models, Protocol, Ks, Seed, Slates, Flags.Json(), Flags.Db() },
        }.Does(terminal, EvaluateAsync);

    private static async Task<int> EvaluateAsync(Run run, CancellationToken cancel)
    {
        var models = run.Get(Models) is "all" ? Recommenders.All : [.. run.Get(Models)!.Split(',').Select(name => Asked.For(() => Recommenders.Named(name)))];
        var ks = run.Get(Ks)!.Split(',').Select(ParseK).Distinct().Order().ToList();
        await using var slates = run.Get(Slates) is { } file ? Create(file) : null;
        if (run.Get(Data) is { } path)
        {
            if (!Path.Exists(path)) throw new UsageException($"there is no file or folder '{Path.GetFullPath(path)}'.");
            var (name, data, rejected) = RatedData.Read(path);
            if (rejected > 0) run.Terminal.Say($"{rejected:N0} rows of {path} cannot be read and are left out ('recs import' says which).");
            await JudgeAsync(run, name, data, models, ks, slates, cancel);
        }
        else
        {
            await using var store = await RecsStore.OpenAsync(run, cancel);
            var training = new TrainingSide(store);
            var latest = await training.Find.LatestAsync(cancel) ?? throw new UsageException("no snapshot was taken yet. Take one ('recs snapshot take'), or name a data set with --data.");
            var snapshot = await training.Load.RunAsync(latest.SnapshotId, cancel);
            await JudgeAsync(run, latest.SnapshotId, snapshot.Data, models, ks, slates, cancel);
        }
        return ExitCode.Done;
    }

    private static async Task JudgeAsync(Run run, string name, InteractionSet data, IReadOnlyList<IRecommender> models, IReadOnlyList<int> ks, TextWriter? slates, CancellationToken cancel)
    {
        if (data.RatingsOnly().Count == 0) throw new UsageException($"'{name}' holds no ratings, so there is nothing to evaluate. Import a data set first ('recs import --data FOLDER').");
        var report = await JudgeAsync(run.Terminal, name, data, models, ks, run.Get(Seed), slates, cancel);
        Show(run.Terminal, report);
        run.Terminal.Report(run.JsonTarget, report);
    }

    /// <summary>Fits and judges models with their default options.</summary>
    internal static async Task<EvaluationReport> JudgeAsync(
        Terminal terminal, string name, InteractionSet data, IReadOnlyList<IRecommender> models, IReadOnlyList<int> ks, ulong seed, TextWriter? slates, CancellationToken cancel)
    {
        var contestants = models.Select(m => new Contestant(m, OptionValues.Parse(m.Options))).ToList();
        return await terminal.WithFitProgressAsync("evaluating", progress => Task.Run(
            () => new EvaluateModels(TimeProvider.System).Run(name, data, contestants, ks, seed, new(Progress: progress, Cancel: cancel), slates), cancel));
    }

    /// <summary>Prints the leaderboard.</summary>
    internal static void Show(Terminal terminal, EvaluationReport report)
    {
        var d = report.Dataset;
        terminal.Say($"{d.Name}: {d.Ratings:N0} ratings, {d.Users:N0} users, {d.Movies:N0} movies, sha256 {d.Sha256[..12]}; {report.Protocol}, {report.EvaluatedUsers:N0} users judged");
        terminal.Table([
            ["model", "k", "HR", "95 %", "NDCG", "95 %", "MRR", "coverage", "train s", "MiB", "p50 ms", "p95 ms"],
            .. report.Rows.OrderBy(r => r.K).ThenByDescending(r => r.Ndcg).Select(r => new[]
            {
                r.Model, $"{r.K}", $"{r.Hr:0.0000}", $"{r.HrLow:0.000}-{r.HrHigh:0.000}", $"{r.Ndcg:0.0000}", $"{r.NdcgLow:0.000}-{r.NdcgHigh:0.000}",
                $"{r.Mrr:0.0000}", $"{r.Coverage:0.000}", $"{r.TrainSeconds:0.0}", $"{r.SizeMiB:0.0}", $"{r.P50Ms:0.00}", $"{r.P95Ms:0.00}",
            })], 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }

    private static int ParseK(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var k) && k is >= 1 and <= 1000
        ? k
        : throw new UsageException($"--k '{text}' is not a whole number from 1 to 1000.");

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

    private static Option<string> Choice(string name, string only, string description)
    {
        var option = new Option<string>(name) { HelpName = "NAME", DefaultValueFactory = _ => only, Description = description };
        option.AcceptOnlyFromAmong(only);
        return option;
    }
}
