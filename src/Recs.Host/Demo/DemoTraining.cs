using System.Globalization;
using Recs.Contracts.Registry;
using Recs.Contracts.Snapshots;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Reporting;
using Recs.Training.Evaluating;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;

namespace Recs.Host.Demo;

/// <summary>The demo's models: both trained on one snapshot, judged by leave-last-out beside published figures, the champion promoted.</summary>
internal sealed class DemoTraining(RecsStore store, Terminal terminal)
{
    private const ulong Seed = 1;
    private const int K = 10;
    private readonly TrainingSide _training = new(store);

    /// <summary>Figures on MovieLens 1M under the same protocol: our own measurements with NumPy, and what a published course project reports.</summary>
    private static readonly (string Model, string From, double Hr, double Ndcg)[] ToBeat =
    [
        ("popularity", "measured with NumPy on this data", 0.0392, 0.0193),
        ("als", "published course project", 0.0988, 0.0490),
        ("neural-cf", "published course project", 0.1373, 0.0669),
        ("linear-autoregression", "measured with NumPy on this data", 0.2674, 0.1572),
    ];

    /// <summary>Trains, judges, promotes.</summary>
    /// <param name="through">Log position of the snapshot.</param>
    /// <param name="champion">Model that goes into production.</param>
    /// <param name="isMovieLens1M">Published figures are comparable.</param>
    /// <param name="cancel">Stops.</param>
    public async Task<ModelTrained> RunAsync(long through, string champion, bool isMovieLens1M, CancellationToken cancel)
    {
        var filters = new SnapshotFilters();
        var snapshot = await _training.Take.RunAsync(TakeSnapshot.DefaultId(through, filters), through, filters, cancel);
        if (snapshot.Data.Count == 0)
            throw new UsageException("the log holds no rating and no watch, so there is nothing to train on; name another data set with --data.");
        terminal.Say($"snapshot {snapshot.Manifest.SnapshotId}: {snapshot.Manifest.Count:N0} interactions of {snapshot.Manifest.Users:N0} users and {snapshot.Manifest.Movies:N0} movies, sha256 {snapshot.Manifest.Sha256[..12]}");
        var run = new FitRun(Cancel: cancel);
        Dictionary<string, ModelTrained> versions = [];
        foreach (var model in new[] { "popularity", champion }.Distinct())
        {
            var trained = await _training.Train.RunAsync(
                new TrainRequest(Guid.CreateVersion7(store.Options.Clock.GetUtcNow()).ToString("N"), model, new Dictionary<string, string>(), Seed, "demo", "the demo trains it"), snapshot, run);
            versions[model] = trained;
            terminal.Say($"trained {trained.Version} in {trained.Seconds:0.0} s, {trained.Bytes / 1048576.0:0.0} MiB, content {trained.ContentHash[..12]}");
        }
        await JudgeAsync(snapshot, versions, isMovieLens1M, run);
        await _training.Promote.RunAsync(versions[champion].Version, "demo", "best of the demo's models under leave-last-out", cancel);
        return versions[champion];
    }

    /// <summary>Trains the version again from the log and compares the bytes.</summary>
    public async Task<bool> ReproduceAsync(ModelTrained version, CancellationToken cancel)
    {
        var again = await _training.Reproduce.RunAsync(version.Version, new FitRun(Cancel: cancel));
        terminal.Say($"reproduced {version.Version} in {again.Seconds:0.0} s: {again.Verdict.ToString().ToLowerInvariant()} ({again.Detail})");
        return again.Verdict == Training.Reproducing.ReproductionVerdict.Identical;
    }

    private async Task JudgeAsync(LoadedSnapshot snapshot, Dictionary<string, ModelTrained> versions, bool isMovieLens1M, FitRun run)
    {
        var plan = new EvaluationPlan([.. versions.Keys.Select(name => Contestant.Of(Recommenders.Named(name)))]) { Ks = [K], Seed = Seed };
        var report = await Task.Run(() => new EvaluateModels(store.Options.Clock).Run(snapshot.Manifest.SnapshotId, snapshot.Data, plan, run), run.Cancel);
        foreach (var version in versions.Values)
            await _training.RecordEvaluation.RunAsync(version.Version, report, run.Cancel);
        terminal.Say();
        terminal.Say($"leave-last-out, {report.EvaluatedUsers:N0} users, every unseen movie ranked, ties against the model:");
        terminal.Table(
            [
                ["model", "HR@10", "95 % interval", "NDCG@10", "95 % interval", "fit s", "from"],
                .. report.Rows.Select(r => new[] { r.Model, F(r.Hr), $"{F(r.HrLow)} to {F(r.HrHigh)}", F(r.Ndcg), $"{F(r.NdcgLow)} to {F(r.NdcgHigh)}", r.TrainSeconds?.ToString("0.0", CultureInfo.InvariantCulture) ?? "", "this run" }),
                .. (isMovieLens1M ? ToBeat : []).Select(b => new[] { b.Model, F(b.Hr), "", F(b.Ndcg), "", "", b.From }),
            ], 1, 3, 5);
        if (isMovieLens1M)
            terminal.Say("(published course project: HR@10 and NDCG@10 as it reports them for MovieLens 1M under leave-last-out; not run here)");
        else
            terminal.Say("(published figures are for MovieLens 1M; this is another data set, so none stands beside)");
        terminal.Say();
    }

    private static string F(double? figure) => figure?.ToString("0.0000", CultureInfo.InvariantCulture) ?? "";
}
