using System.CommandLine;
using Recs.Contracts.Snapshots;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Reporting;
using Recs.Training.Exporting;
using Recs.Training.Snapshots;

namespace Recs.Host.Verbs;

/// <summary><c>recs snapshot</c>: data sets as positions in the log.</summary>
internal static class SnapshotVerb
{
    private static readonly Option<string> Id = new("--id") { HelpName = "NAME", Description = "Name of the snapshot. [default: s and its position]" };
    private static readonly Option<long?> Through = new("--through") { HelpName = "SEQUENCE", Description = "Last position of the log that it holds. [default: the newest]" };
    private static readonly Option<string[]> Source = new("--source") { HelpName = "NAME", Description = "Only facts of this import's source; may be given more than once. [default: everything]" };
    private static readonly Argument<string> Wanted = new("id") { Description = "Name of a snapshot." };
    private static readonly Argument<string> ToVerify = new("id") { Description = "Name of a snapshot, or the folder of an export." };

    public static Command Create(Terminal terminal) => new("snapshot", "Data sets as positions in the log: what a model was trained on, for ever the same.")
    {
        new Verb("take", "Pin the ratings and watches of the log up to a position.")
        {
            Examples = ["snapshot take", "snapshot take --id before-christmas --source ml-1m"],
            Options = { Id, Through, Source, Flags.Json(), Flags.Db() },
        }.Does(terminal, TakeAsync),
        new Verb("list", "List the snapshots.") { Examples = ["snapshot list"], Options = { Flags.Json(), Flags.Db() } }.Does(terminal, ListAsync),
        new Verb("show", "Show one snapshot.") { Examples = ["snapshot show s1010132"], Arguments = { Wanted }, Options = { Flags.Json(), Flags.Db() } }.Does(terminal, ShowAsync),
        new Verb("verify", "Read a snapshot from the log again and compare its digest, or check the files of an export; exit 1 if anything was altered, added or removed.")
        {
            Examples = ["snapshot verify s1010132", "snapshot verify .recs/exports/sha256/CONTENT_HASH"], Arguments = { ToVerify }, Options = { Flags.Json(), Flags.Db() },
        }.Does(terminal, VerifyAsync),
        SnapshotExportVerb.Create(terminal),
    };

    private static async Task<int> TakeAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var newest = (await store.MarkAsync(cancel)).Current;
        var through = run.Get(Through) ?? newest;
        if (through < 0 || through > newest) throw new UsageException($"--through {through} is outside the log, which goes from 0 to {newest}.");
        var filters = new SnapshotFilters(run.Get(Source) is { Length: > 0 } sources ? sources : null);
        try
        {
            var taken = await Asked.ForAsync(new TrainingSide(store).Take.RunAsync(run.Get(Id) ?? TakeSnapshot.DefaultId(through, filters), through, filters, cancel));
            return Show(run, taken.Manifest);
        }
        catch (InvalidOperationException e)
        {
            throw new UsageException(e.Message, e); // another data set has that name
        }
    }

    private static async Task<int> ListAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var all = await new TrainingSide(store).Find.AllAsync(cancel);
        run.Terminal.Table([
            ["snapshot", "through", "interactions", "users", "movies", "sources", "taken", "sha256"],
            .. all.Select(s => new[] { s.SnapshotId, $"{s.ThroughSequence}", $"{s.Count:N0}", $"{s.Users:N0}", $"{s.Movies:N0}", Sources(s), $"{s.At:u}", s.Sha256[..12] })], 1, 2, 3, 4);
        run.Terminal.Report(run.JsonTarget, new { snapshots = all });
        return ExitCode.Done;
    }

    private static async Task<int> ShowAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        return Show(run, await Asked.ForAsync(new TrainingSide(store).Find.ExistingAsync(run.Get(Wanted), cancel)));
    }

    private static async Task<int> VerifyAsync(Run run, CancellationToken cancel)
    {
        if (run.Get(ToVerify) is var wanted && (wanted.Contains(Path.DirectorySeparatorChar) || VerifyExport.IsExport(wanted))) return SnapshotExportVerb.Verify(run, wanted); // a name has no slash
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var verdict = await Asked.ForAsync(new TrainingSide(store).Load.VerifyAsync(wanted, cancel));
        run.Terminal.Say(verdict.Detail);
        run.Terminal.Report(run.JsonTarget, new { verdict.Holds, verdict.Detail, verdict.Manifest, Found = new { verdict.Data.Count, verdict.Data.Sha256 } });
        return verdict.Holds ? ExitCode.Done : ExitCode.NotHeld;
    }

    private static int Show(Run run, SnapshotTaken s)
    {
        run.Terminal.Say($"{s.SnapshotId}: {s.Count:N0} interactions of {s.Users:N0} users with {s.Movies:N0} movies, through {s.ThroughSequence}, sources: {Sources(s)}, sha256 {s.Sha256}, taken {s.At:u}");
        run.Terminal.Report(run.JsonTarget, s);
        return ExitCode.Done;
    }

    private static string Sources(SnapshotTaken s) => s.Filters.Sources is null ? "all" : string.Join(',', s.Filters.Sources);
}
