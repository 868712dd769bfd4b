using System.CommandLine;
using System.Text.Json;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;
using Recs.Commands.Validating;
using Recs.Contracts.Quality;
using Recs.Host.CommandLine;
using Recs.Host.Configuring;
using Recs.Host.Reporting;

namespace Recs.Host.Verbs;

/// <summary><c>recs validate</c>: what an import would make of an input, without a database.</summary>
internal static class ValidateVerb
{
    private static readonly Option<string> In = new("--in") { Required = true, HelpName = "FILE|-", Description = "File or folder of any format that 'import' takes, or '-' for standard input." };
    private static readonly Option<string> Out = new("--out") { HelpName = "CLEAN", Description = "Write the clean rows in the input's own format to this file; for a folder, to this folder." };
    private static readonly Option<string> Rejects = new("--rejects") { HelpName = "FILE", Description = "Write every rejected row with its line and reason to this file, a JSON object a line." };

    public static Command Create(Terminal terminal)
        => new Verb("validate", "Check an input as 'import' would, without a database; exit 1 if more rows are rejected than --max-reject-rate allows.")
        {
            Examples = ["validate --in ratings.csv", "validate --in data/ml-1m --max-reject-rate 0 --json -", "validate --in events.log --out clean.log --rejects rejected.jsonl"],
            Options = { In, ImportVerb.Format, ImportVerb.MaxRejectRate, ImportVerb.MaxAge, Out, Rejects, Flags.Json() },
        }.Does(terminal, ValidateAsync);

    private static async Task<int> ValidateAsync(Run run, CancellationToken cancel)
    {
        var how = new ImportOptions(DataSetFormats.Parse(run.Get(ImportVerb.Format)!), null, "", run.Get(ImportVerb.MaxRejectRate), ImportVerb.Days(run));
        how.Validate();
        using var input = await SpooledInput.OpenAsync(run.Get(In)!, Console.OpenStandardInput, Path.Combine(run.Settings[Setting.Home], "spool"), cancel);
        if (Directory.Exists(input.Path)) OutputPath.CheckFolder("--out", run.Get(Out));
        else OutputPath.CheckFile("--out", run.Get(Out));
        OutputPath.CheckFile("--rejects", run.Get(Rejects));
        using var rejected = run.Get(Rejects) is { } file ? new RejectLines(file) : null;
        var report = ValidateInput.Run(input.Path, how, run.Get(Out), rejected, TimeProvider.System.GetUtcNow(), cancel);
        Show(run.Terminal, report);
        run.Terminal.Report(run.JsonTarget, report);
        if (report.RejectRows > 0 && report.RejectRows == report.InputRows) return run.Terminal.Fail(ImportVerb.NotOneRow(run.Get(In)!, report.Format, report.InputRows), ExitCode.Usage);
        return report.Accepted ? ExitCode.Done : run.Terminal.Fail($"{report.RejectRate:P2} of the rows were rejected, over the limit of {report.MaxRejectRate:P2}.", ExitCode.NotHeld);
    }

    private static void Show(Terminal terminal, ValidationReport report)
    {
        ImportVerb.Show(terminal, "clean", report.Files);
        foreach (var reject in report.FirstRejects) terminal.Say($"rejected: {reject.File}, line {reject.Line}: {reject.Reason}: {reject.Detail}");
        if (report.RejectRows > report.FirstRejects.Count) terminal.Say($"rejected: {report.RejectRows - report.FirstRejects.Count:N0} more; --rejects FILE writes them all");
        Show(terminal, report.Checks);
        terminal.Say($"{report.Format}, {report.CleanRows:N0} of {report.InputRows:N0} rows clean, {report.Seconds:0.0} s, {report.EventsPerSecond:N0} rows/s");
    }

    /// <summary>Prints verdicts.</summary>
    internal static void Show(Terminal terminal, IEnumerable<QualityCheck> checks)
    {
        foreach (var check in checks) terminal.Say($"{(!check.Judged ? "-" : check.Held ? "held" : "NOT HELD"),-8}  {check.Name,-13} {check.Detail}");
    }

    /// <summary>Writes rejected rows as JSON lines.</summary>
    private sealed class RejectLines(string path) : IRejectSink, IDisposable
    {
        private readonly StreamWriter lines = new(path);

        public void Add(in Reject reject) => lines.WriteLine(JsonSerializer.Serialize(reject, JsonSerializerOptions.Web));

        public void Dispose() => lines.Dispose();
    }
}
