using System.CommandLine;
using System.Text.Json;
using Recs.Commands.Rejecting;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Reporting;
using Recs.Queries.Quality;

namespace Recs.Host.Verbs;

/// <summary><c>recs rejects</c>: what was not taken, and trying it again after a fix.</summary>
internal static class RejectsVerb
{
    private const int MostListed = 10_000, PageSize = 1000, LongestShown = 80;

    private static readonly Option<string> Source = new("--source") { HelpName = "NAME", Description = "Only of this source. [default: any]" };
    private static readonly Option<string> Reason = new("--reason") { HelpName = "CODE", Description = "Only with this reason, such as bad-rating. [default: any]" };
    private static readonly Option<int> Last = new("--last") { HelpName = "N", DefaultValueFactory = _ => 20, Description = $"How many, newest first, 1 to {MostListed}." };
    private static readonly Option<bool> Stored = new("--stored") { Description = "Those that a later try stored, instead of the open ones." };
    private static readonly Option<string> Out = new("--out") { HelpName = "FILE", Description = "Write all of them to this file, a JSON object a line: correct \"raw\" there, then 'rejects retry --in FILE'. Of a line that is no text, \"rawBase64\" has the bytes." };
    private static readonly Option<string> In = new("--in") { HelpName = "FILE", Description = "Try these lines: what 'rejects list --out' wrote, corrected." };
    private static readonly Argument<string> Name = new("name") { Description = "Its number, or KEY:FILE:LINE with as much of the key as is needed." };

    public static Command Create(Terminal terminal) => new("rejects", "What imports and topics brought and was not taken: list, show, try again after a fix.")
    {
        new Verb("list", "List what was rejected and is still open, newest first.")
        {
            Examples = ["rejects list", "rejects list --source ml-1m --reason unknown-movie --last 100", "rejects list --reason bad-rating --out rejected.jsonl"],
            Options = { Source, Reason, Last, Stored, Out, Flags.Json(), Flags.Db() },
        }.Does(terminal, ListAsync),
        new Verb("show", "Show one rejected line whole.")
        {
            Examples = ["rejects show 42", "rejects show 3f9a01bc:ratings.csv:1017"],
            Arguments = { Name },
            Options = { Flags.Json(), Flags.Db() },
        }.Does(terminal, ShowAsync),
        new Verb("retry", "Try rejected lines again: after a change of the rules or of the catalogue as they came, or corrected by hand.")
        {
            Examples = ["rejects retry", "rejects retry --reason unknown-movie", "rejects retry --in rejected.jsonl"],
            Options = { Source, Reason, In, Flags.Json(), Flags.Db() },
        }.Does(terminal, RetryAsync),
    };

    private static async Task<int> ListAsync(Run run, CancellationToken cancel)
    {
        if (run.Get(Last) is < 1 or > MostListed) throw new UsageException($"--last must be 1 to {MostListed}; --out writes all.");
        OutputPath.CheckFile("--out", run.Get(Out));
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var list = new ListRejects(store.Source, store.Options);
        var filter = new RejectFilter(run.Get(Source), run.Get(Reason), run.Get(Stored));
        if (run.Get(Out) is { } file)
        {
            run.Terminal.Say($"{await WriteAsync(list, filter, file, cancel):N0} lines in {file}");
            return ExitCode.Done;
        }
        var rejects = await list.PageAsync(filter, long.MaxValue, run.Get(Last), cancel);
        var reasons = await list.CountAsync(filter, cancel);
        Show(run.Terminal, filter, rejects, reasons);
        run.Terminal.Report(run.JsonTarget, new { reasons, rejects });
        return ExitCode.Done;
    }

    private static void Show(Terminal terminal, RejectFilter filter, IReadOnlyList<RejectedRow> rejects, IReadOnlyDictionary<string, long> reasons)
    {
        var state = filter.Stored ? "stored by a later try" : "open";
        if (rejects.Count == 0)
        {
            terminal.Say($"no rejected line {(filter.Source is null ? "" : $"of source '{filter.Source}' ")}{(filter.Reason is null ? "" : $"with reason '{filter.Reason}' ")}is {state}");
            return;
        }
        terminal.Table([["id", "source", "file", "line", "reason", "raw"], .. rejects.Select(r => new[] { $"{r.Id}", r.Source, r.File, $"{r.Line}", r.Reason, Shortened(r.Raw) })], 0, 3);
        foreach (var (reason, count) in reasons.OrderByDescending(r => r.Value)) terminal.Say($"{count:N0} {reason}");
        terminal.Say($"{reasons.Values.Sum():N0} {state}, the newest {rejects.Count:N0} above");
    }

    private static async Task<int> ShowAsync(Run run, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var found = await new ListRejects(store.Source, store.Options).FindAsync(run.Get(Name), cancel);
        if (found.Count == 0) throw new UsageException($"there is no rejected line '{run.Get(Name)}'. 'recs rejects list' shows their numbers.");
        if (found.Count > 1) throw new UsageException($"'{run.Get(Name)}' could be {string.Join(" or ", found.Take(5).Select(r => r.Name))}: give more of the key, or the number.");
        var reject = found[0];
        run.Terminal.Say($"{reject.Id}  {reject.Name}");
        run.Terminal.Say($"source   {reject.Source}{(reject.Format is null ? "" : $" ({reject.Format})")}, {reject.File}, line {reject.Line}");
        run.Terminal.Say($"reason   {reject.Reason}: {Printable(reject.Detail)}");
        run.Terminal.Say($"rejected {reject.At:u}, tried again {reject.Tries} times{(reject.StoredSequence is { } sequence ? $", stored {reject.StoredAt:u} as event {sequence}" : "")}");
        run.Terminal.Say(Printable(reject.Raw));
        if (reject.RawBase64 is { } bytes) run.Terminal.Say($"bytes    {bytes} (base64, because they are no text)");
        run.Terminal.Report(run.JsonTarget, reject);
        return ExitCode.Done;
    }

    private static async Task<int> RetryAsync(Run run, CancellationToken cancel)
    {
        var corrections = run.Get(In) is { } file ? await CorrectedLines.ReadAsync(file, cancel) : null;
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var list = new ListRejects(store.Source, store.Options);
        var total = corrections?.Count ?? (await list.CountAsync(new(run.Get(Source), run.Get(Reason)), cancel)).Values.Sum();
        var retried = await run.Terminal.WithProgressAsync("trying again", "lines", progress
            => new RetryRejects(store.Source, store.Options).RunAsync(new(run.Get(Source), run.Get(Reason), corrections), new Forward(progress, total), cancel));
        run.Terminal.Say($"{retried.Tried:N0} tried: {retried.Stored:N0} stored, {retried.Duplicates:N0} in the log already, {retried.Rejected:N0} rejected again");
        foreach (var (reason, count) in retried.Reasons.OrderByDescending(r => r.Value)) run.Terminal.Say($"rejected: {count:N0} {reason}");
        if (retried.Unreadable > 0) run.Terminal.Say($"{retried.Unreadable:N0} left alone: nothing here reads lines of their source again");
        if (corrections is not null && retried.Tried + retried.Unreadable < corrections.Count) run.Terminal.Say($"{corrections.Count - retried.Tried - retried.Unreadable:N0} of the file are not open any more");
        run.Terminal.Report(run.JsonTarget, retried);
        return ExitCode.Done;
    }

    private static async Task<long> WriteAsync(ListRejects list, RejectFilter filter, string file, CancellationToken cancel)
    {
        await using var lines = new StreamWriter(file);
        var written = 0L;
        for (var before = long.MaxValue; await list.PageAsync(filter, before, PageSize, cancel) is { Count: > 0 } page; before = page[^1].Id)
            foreach (var reject in page)
            {
                await lines.WriteLineAsync(JsonSerializer.Serialize(reject, CorrectedLines.Json));
                written++;
            }
        return written;
    }

    private static string Shortened(string raw)
    {
        var printable = Printable(raw[..Math.Min(raw.Length, LongestShown)]);
        return raw.Length > LongestShown ? printable + "..." : printable;
    }

    /// <summary>Without what a terminal would obey: a line from anybody must not move the cursor or ring the bell of whoever looks at it.</summary>
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) && c != '\t' ? '\uFFFD' : c));

    private sealed class Forward(IProgress<(long Done, long Total)> to, long total) : IProgress<long>
    {
        public void Report(long value) => to.Report((value, Math.Max(total, value)));
    }
}
