using System.CommandLine;
using System.Globalization;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;
using Recs.EventStore.Importing;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Configuring;
using Recs.Host.Reporting;

namespace Recs.Host.Verbs;

/// <summary><c>recs import</c>: a data set into the log.</summary>
internal static class ImportVerb
{
    private static readonly Option<string> Data = new("--data") { Required = true, HelpName = "PATH", Description = "Folder of MovieLens 1M, 100K or CSV (latest, 25M, 32M), a CSV file of interactions (user_id,movie_id,rating,timestamp), a movielog, movies or people as JSON objects, one a line, or '-' for standard input." };
    internal static readonly Option<string> Format = new("--format") { HelpName = "FORMAT", DefaultValueFactory = _ => "auto", Description = "auto, ml-1m, ml-csv, ml-100k, interactions, movielog or json-lines." };
    internal static readonly Option<double?> MaxAge = new("--max-age") { HelpName = "DAYS", Description = "How many days old the newest fact may be before the freshness check says so. [default: any]" };
    internal static readonly Option<double?> MaxRejectRate = new("--max-reject-rate") { HelpName = "RATE", Description = "Share of rejected rows, 0 to 1, over which nothing is stored and the exit code is 1. [default: no limit]" };
    private static readonly Option<string> UserPrefix = new("--user-prefix") { HelpName = "PREFIX", DefaultValueFactory = _ => "", Description = "Put before each user id, to keep people apart whose ids are equal to those of another set." };
    private static readonly Option<string> Source = new("--source") { HelpName = "NAME", Description = "What the events name as their source. [default: the name of the folder or file]" };

    private static readonly Option<double?> Until = new("--until") { HelpName = "SHARE", Description = "Take only this share of the ratings, the first in time; 'recs simulate --replay' streams the rest. [default: all]" };

    public static Command Create(Terminal terminal)
        => new Verb("import", "Bring a data set into the log. Goes on where one that was stopped or killed was; a second run adds nothing.")
        {
            Examples = ["import --data data/ml-1m", "import --data movies.jsonl", "import --data ratings.csv --user-prefix shop- --max-reject-rate 0.01", "import --data data/ml-latest-small --json -", "import --data service.log --format movielog"],
            Options = { Data, Format, MaxRejectRate, MaxAge, UserPrefix, Source, Until, Flags.Of(Setting.Clock), Flags.Json(), Flags.Db() },
        }.Does(terminal, ImportAsync);

    private static async Task<int> ImportAsync(Run run, CancellationToken cancel)
    {
        var how = new ImportOptions(DataSetFormats.Parse(run.Get(Format)!), run.Get(Source), run.Get(UserPrefix)!, run.Get(MaxRejectRate), Days(run)) { Until = run.Get(Until) };
        how.Validate();
        var path = run.Get(Data)!;
        if (path != SpooledInput.StandardInput && !Path.Exists(path)) throw new UsageException($"there is no file or folder '{Path.GetFullPath(path)}'.");
        using var input = await SpooledInput.OpenAsync(path, Console.OpenStandardInput, Path.Combine(run.Settings[Setting.Home], "spool"), cancel);
        var unit = DataSetFormats.Recognise(input.Path, how.Format) == DataSetFormat.Movielog ? "bytes" : "events";
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var summary = await run.Terminal.WithProgressAsync($"importing {path}", unit, progress
            => new ImportDataSet(store.Source, store.Options).RunAsync(input.Path, how, new Forward(progress), cancel));
        Show(run.Terminal, summary);
        run.Terminal.Report(run.JsonTarget, summary);
        if (summary.RejectRows > 0 && summary.RejectRows == summary.InputRows)
            return run.Terminal.Fail(NotOneRow(path, summary.Format, summary.InputRows) + " The rejected rows are kept with their reasons.", ExitCode.Usage);
        return summary.Refused is null ? ExitCode.Done : run.Terminal.Fail(summary.Refused, ExitCode.NotHeld);
    }

    /// <summary>Prints a summary for people.</summary>
    internal static void Show(Terminal terminal, ImportSummary summary)
    {
        Show(terminal, "stored", summary.Files);
        foreach (var (reason, count) in summary.Reasons.OrderByDescending(r => r.Value)) terminal.Say($"rejected: {count:N0} {reason}");
        if (summary.ResumedFrom > 0) terminal.Say($"went on from event {summary.ResumedFrom:N0}, where an earlier run ended before it was done");
        if (summary is { DuplicateRows: > 0, RepeatedRows: { } repeated })
            terminal.Say($"duplicate: {repeated:N0} repeat an earlier row of the input, {summary.DuplicateRows - repeated:N0} were in the log already");
        if (summary.UsersMet > 0) terminal.Say($"{summary.UsersMet:N0} people were known from another source: equal ids are the same person (--user-prefix keeps them apart)");
        if (summary.Note is not null) terminal.Say(summary.Note);
        ValidateVerb.Show(terminal, summary.Checks.Where(c => !c.Held));
        terminal.Say($"{summary.Format} as '{summary.Source}' in {summary.Seconds:0.0} s, {summary.EventsPerSecond:N0} events/s while it stored");
    }

    /// <summary>Prints what became of each file's rows.</summary>
    internal static void Show(Terminal terminal, string taken, IReadOnlyList<ImportedFile> files) => terminal.Table([
        ["file", "rows", taken, "duplicate", "rejected"],
        .. files.Select(f => Row(f.File, f.InputRows, f.CleanRows, f.DuplicateRows, f.RejectRows)),
        Row("all", files.Sum(f => f.InputRows), files.Sum(f => f.CleanRows), files.Sum(f => f.DuplicateRows), files.Sum(f => f.RejectRows))], 1, 2, 3, 4);

    /// <summary>What <see cref="MaxAge"/> says.</summary>
    internal static TimeSpan? Days(Run run) => run.Get(MaxAge) switch
    {
        null => null,
        >= 0 and <= 36_500 and var days => TimeSpan.FromDays(days),
        var days => throw new UsageException($"--max-age {days} is not valid: expected 0 to 36500 days."),
    };

    /// <summary>The line for an input of which nothing could be read.</summary>
    internal static string NotOneRow(string path, string format, long rows) => $"not one of the {rows:N0} rows of '{path}' could be read as {format}; is it what you meant?";

    private static string[] Row(string file, params long[] numbers) => [file, .. numbers.Select(n => n.ToString("N0", CultureInfo.InvariantCulture))];

    /// <summary>Tells the terminal how far the import is.</summary>
    internal sealed class Forward(IProgress<(long Done, long Total)> to) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value) => to.Report((value.Position, value.Total));
    }
}
