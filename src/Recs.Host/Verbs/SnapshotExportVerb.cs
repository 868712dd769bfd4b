using System.CommandLine;
using System.Diagnostics;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.Configuring;
using Recs.Host.Reporting;
using Recs.Training.Exporting;

namespace Recs.Host.Verbs;

/// <summary><c>recs snapshot export</c>: a snapshot as files that other programs read, and <c>snapshot verify</c> of such files.</summary>
internal static class SnapshotExportVerb
{
    private static readonly Argument<string> Wanted = new("id") { Description = "Name of a snapshot." };
    private static readonly Option<string> Format = new("--format") { HelpName = "csv|parquet", Required = true, Description = "How to write the tables." };
    private static readonly Option<string> Out = new("--out") { HelpName = "DIR", Description = "Folder or mount that exports are kept in, each under sha256/ and its content hash. [default: exports in the home]" };
    private static readonly Option<string> Compression = new("--compression") { HelpName = "none|gzip", Description = "How to compress. [default: gzip for parquet, none for csv]" };
    private static readonly Option<bool> WithZip = new("--with-zip") { Description = "Also the people's zip codes, which with age, gender and occupation come close to naming them." };

    public static Command Create(Terminal terminal)
    {
        Format.AcceptOnlyFromAmong("csv", "parquet");
        Compression.AcceptOnlyFromAmong("none", "gzip");
        return new Verb("export", "Write a snapshot's interactions, movies and people as files for other programs.")
        {
            Examples = ["snapshot export s1010132 --format parquet", "snapshot export s1010132 --format csv --out /mnt/data-sets"],
            Arguments = { Wanted },
            Options = { Format, Out, Compression, WithZip, Flags.Json(), Flags.Db() },
        }.Does(terminal, ExportAsync);
    }

    /// <summary>Checks the files of an export; needs no database.</summary>
    public static int Verify(Run run, string folder)
    {
        var export = VerifyExport.Run(folder);
        run.Terminal.Say($"export of snapshot '{export.Manifest.Snapshot}' holds: {export.Manifest.Files.Count} files, {export.Bytes:N0} bytes, manifest sha256 {export.ContentHash}");
        run.Terminal.Report(run.JsonTarget, new { Holds = true, export.ContentHash, export.Path, export.Manifest });
        return ExitCode.Done;
    }

    private static async Task<int> ExportAsync(Run run, CancellationToken cancel)
    {
        var format = Enum.Parse<ExportFormat>(run.Get(Format)!, ignoreCase: true);
        var compression = run.Get(Compression) is { } word ? Enum.Parse<ExportCompression>(word, ignoreCase: true) : format == ExportFormat.Parquet ? ExportCompression.Gzip : ExportCompression.None;
        var request = new ExportRequest(run.Get(Wanted), format, compression, run.Get(WithZip));
        var directory = run.Get(Out) ?? Path.Combine(run.Settings[Setting.Home], "exports");
        OutputPath.CheckFolder(run.Get(Out) is null ? "--home" : "--out", directory);
        await using var store = await RecsStore.OpenAsync(run, cancel);
        var start = Stopwatch.GetTimestamp();
        var stored = await run.Terminal.WithProgressAsync("exporting", "rows", progress => Asked.ForAsync(new TrainingSide(store).Export.RunAsync(request, directory, progress, cancel)));
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        run.Terminal.Table([
            ["file", "rows", "bytes", "sha256"],
            .. stored.Manifest.Files.Select(f => new[] { f.Name, $"{f.Rows:N0}", $"{f.Bytes:N0}", f.Sha256[..12] })], 1, 2);
        run.Terminal.Say($"{(stored.WasThere ? "the same export is there already, in" : "exported to")} {stored.Path} ({seconds:0.0} s, {stored.Rows / seconds:N0} rows/s)");
        run.Terminal.Report(run.JsonTarget, new { stored.ContentHash, stored.Path, stored.WasThere, stored.Rows, stored.Bytes, Seconds = Math.Round(seconds, 3), RowsPerSecond = Math.Round(stored.Rows / seconds), stored.Manifest });
        return ExitCode.Done;
    }
}
