using System.CommandLine;
using Recs.Contracts.Registry;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Reporting;
using Recs.Training.Registry;

namespace Recs.Host.Verbs;

/// <summary><c>recs models</c>: the registry.</summary>
internal static class ModelsVerb
{
    private static readonly Argument<string> Version = new("version") { Description = NamedVersion.Description };
    private static readonly Option<string> Reason = new("--reason") { HelpName = "TEXT", DefaultValueFactory = _ => "asked for on the command line", Description = "Why; the log keeps it." };

    private static readonly Option<string> At = new("--at") { HelpName = "TIME|POSITION", Description = "Only what was decided until then: a moment, or a position in the log." };

    public static Command Create(Terminal terminal) => new("models", "The versions of all models, and which one is in production.")
    {
        new Verb("list", "List every version; '*' marks the one in production.") { Examples = ["models list"], Options = { Flags.Json(), Flags.Db() } }.Does(terminal, ListAsync),
        new Verb("show", "Show a version: what it was trained on, with which options, its files, figures and promotions.")
        {
            Examples = ["models show linear-autoregression-v0.1"], Arguments = { Version }, Options = { Flags.Json(), Flags.Db() },
        }.Does(terminal, ShowAsync),
        new Verb("promote", "Put a version into production. Running services swap without dropping a request.")
        {
            Examples = ["models promote linear-autoregression-v0.1 --reason \"better NDCG than popularity\"", "models promote linear-autoregression"],
            Arguments = { Version },
            Options = { Reason, Flags.Json(), Flags.Db() },
        }.Does(terminal, PromoteAsync),
        new Verb("rollback", "Put what was in production before back into production.")
        {
            Examples = ["models rollback --reason \"fewer clicks since yesterday\""], Options = { Reason, Flags.Json(), Flags.Db() },
        }.Does(terminal, RollBackAsync),
        new Verb("history", "Show what was in production when, who decided it and why; the newest first.")
        {
            Examples = ["models history", "models history --at 2026-01-31T12:00:00Z", "models history --at 1010500"], Options = { At, Flags.Json(), Flags.Db() },
        }.Does(terminal, HistoryAsync),
    };

    private static async Task<int> ListAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var models = new TrainingSide(store).Models;
        var champion = (await models.ChampionAsync(cancel))?.Trained.Version;
        var versions = (await models.AllAsync(cancel)).Values.SelectMany(m => m.Versions).OrderBy(v => v.Sequence).ToList();
        run.Terminal.Table([
            ["", "version", "trained", "snapshot", "seconds", "MiB", "seed", "ndcg@10", "rmse", "content"],
            .. versions.Select(v => new[]
            {
                v.Trained.Version == champion ? "*" : "", v.Trained.Version, $"{v.Trained.At:u}", v.Trained.SnapshotId, $"{v.Trained.Seconds:0.0}", $"{v.Trained.Bytes / 1048576.0:0.0}",
                $"{v.Trained.Seed}", Last(v, "ndcg@10"), Last(v, "rmse"), v.Trained.ContentHash[..12],
            })], 4, 5, 6, 7, 8);
        if (versions.Count == 0)
            run.Terminal.Say("Nothing was trained yet; 'recs train all' does.");
        else if (versions.Exists(v => v.Evaluations.Count == 0))
            run.Terminal.Say("A dash: no such figure is in the log. 'recs demo' records those of what it trains; 'recs evaluate' judges every kind of model on the latest snapshot.");
        run.Terminal.Report(run.JsonTarget, new { champion, versions = versions.Select(v => v.Trained) });
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var models = new TrainingSide(store).Models;
        var version = await Asked.ForAsync(models.VersionAsync(await NamedVersion.FindAsync(models, run.Get(Version), cancel), cancel));
        Show(run.Terminal, version);
        run.Terminal.Report(run.JsonTarget, version);
        return ExitCode.Done;
    }

    private static async Task<int> PromoteAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var training = new TrainingSide(store);
        var version = await NamedVersion.FindAsync(training.Models, run.Get(Version), cancel);
        var promoted = await Asked.ForAsync(training.Promote.RunAsync(version, Environment.UserName, run.Get(Reason)!, cancel));
        run.Terminal.Say($"{promoted.Version} is in production{(promoted.Previous is null ? "" : $", before it was {promoted.Previous}")}.");
        run.Terminal.Report(run.JsonTarget, promoted);
        return ExitCode.Done;
    }

    private static async Task<int> RollBackAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var (decided, _) = await Asked.ForAsync(new TrainingSide(store).RollBack.RunAsync(Environment.UserName, run.Get(Reason)!, cancel));
        run.Terminal.Say($"{decided.Version} is in production again, before it was {decided.From}.");
        run.Terminal.Report(run.JsonTarget, decided);
        return ExitCode.Done;
    }

    private static async Task<int> HistoryAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        long? through = run.Get(At) is { } at
            ? await ProductionHistory.PositionAsync(store.Reader, at, cancel) ?? throw new UsageException($"--at '{at}' is neither a log position nor a moment such as 2026-01-31T12:00:00Z.")
            : null;
        var history = await new TrainingSide(store).Models.ProductionAsync(through ?? long.MaxValue, cancel);
        run.Terminal.Table([
            ["position", "when", "what", "version", "before", "by", "why"],
            .. history.Changes.Reverse().Select(c => new[] { $"{c.Sequence}", $"{c.At:u}", c.Kind.Replace('_', ' '), c.Version, c.Previous ?? "-", c.By, c.Reason })], 0);
        run.Terminal.Report(run.JsonTarget, new ProductionAnswer(through, history.Current, [.. history.Changes.Reverse()]));
        return ExitCode.Done;
    }

    /// <summary>The figure that was recorded last, under whichever protocol has it; a dash for none.</summary>
    private static string Last(ModelVersion version, string metric)
        => version.Evaluations.LastOrDefault(e => e.Metrics.ContainsKey(metric)) is { } evaluated ? $"{evaluated.Metrics[metric]:0.0000}" : "-";

    /// <summary>Where an option's value came from; nothing for one of an older log, which does not say.</summary>
    private static string Source(ModelTrained trained, string option)
        => trained.OptionSources?.GetValueOrDefault(option) is { } source ? $" ({source})" : "";

    private static void Show(Terminal terminal, ModelVersion version)
    {
        var t = version.Trained;
        terminal.Table([
            ["version", t.Version], ["trained", $"{t.At:u} in {t.Seconds:0.0} s, at log position {version.Sequence}"], ["content", t.ContentHash],
            ["snapshot", $"{t.SnapshotId} (through {t.ThroughSequence}, sha256 {t.SnapshotSha256})"], ["seed", $"{t.Seed}"],
            ["options", t.Options.Count == 0 ? "none" : string.Join(", ", t.Options.Select(o => $"{o.Key}={o.Value}{Source(t, o.Key)}"))],
            .. (t.Findings ?? new Dictionary<string, string>()).Select(f => new[] { f.Key, f.Value }),
            ["code", t.CodeRevision + (t.Dirty ? " with uncommitted changes" : "")], ["format", $"{t.FormatVersion}"],
            .. t.Files.Select(f => new[] { "file", $"{f.Name}, {f.Bytes:N0} bytes, sha256 {f.Sha256}" }),
            .. version.Evaluations.Select(e => new[] { e.Protocol, string.Join(", ", e.Metrics.Select(m => $"{m.Key} {m.Value:0.0000}")) }),
            .. version.Promotions.Select(p => new[] { "promoted", $"{p.At:u} by {p.By}: {p.Reason}" })]);
    }
}
