using System.CommandLine;
using Recs.Host.CommandLine;
using Recs.Host.Composition;
using Recs.Host.OnlineReporting;
using Recs.Host.Reporting;
using Recs.Projections.OnlineMetrics;

namespace Recs.Host.Verbs;

/// <summary><c>recs report</c>: what came of the slates, as it is published.</summary>
internal static class ReportVerb
{
    private const double MostHours = 24 * 365;

    private static readonly Option<string> Log = new("--log") { HelpName = "FILE", Description = "A movielog file, read alone, without a database. [default: the log of the database]" };
    private static readonly Option<double> WindowHours = new("--window-hours") { HelpName = "HOURS", DefaultValueFactory = _ => 1, Description = "How long after a slate a watch counts, above 0." };
    private static readonly Option<string> Channel = new("--channel") { HelpName = "NAME", DefaultValueFactory = _ => "imported", Description = "Channel of the database's slates; imported: those that a movielog told." };

    public static Command Create(Terminal terminal) => new("report", "What came of the slates, as it is published.")
    {
        new Verb("online", "Share of the slates of which a movie was watched soon after.")
        {
            Examples = ["report online --log kafka.log", "report online --log kafka.log --window-hours 24 --json -", "report online --channel live"],
            Options = { Log, WindowHours, Channel, Flags.Json(), Flags.Db() },
        }.Does(terminal, OnlineAsync),
    };

    private static async Task<int> OnlineAsync(Run run, CancellationToken cancel)
    {
        var hours = run.Get(WindowHours);
        if (!(hours is > 0 and <= MostHours)) throw new UsageException($"--window-hours is above 0 and at most {MostHours:N0}, not {hours}.");
        var channel = run.Get(Channel)!;
        if (!OnlineQuery.Channels.Contains(channel, StringComparer.Ordinal)) throw new UsageException($"--channel is one of {string.Join(", ", OnlineQuery.Channels)}, not '{channel}'.");
        var window = TimeSpan.FromHours(hours);
        var report = run.Get(Log) is { } path ? await OfFileAsync(run, path, window, cancel) : await OfDatabaseAsync(run, channel, window, cancel);
        Show(run.Terminal, report);
        run.Terminal.Report(run.JsonTarget, report);
        return ExitCode.Done;
    }

    private static async Task<WatchThroughReport> OfFileAsync(Run run, string path, TimeSpan window, CancellationToken cancel)
    {
        if (!File.Exists(path)) throw new UsageException($"there is no file '{Path.GetFullPath(path)}'.");
        return await run.Terminal.WithProgressAsync($"reading {path}", "bytes", progress => Task.Run(() => MovielogWatchThrough.Read(path, window, TimeProvider.System, progress, cancel), cancel));
    }

    private static async Task<WatchThroughReport> OfDatabaseAsync(Run run, string channel, TimeSpan window, CancellationToken cancel)
    {
        await using var store = await RecsStore.OpenAsync(run, cancel);
        return await DatabaseWatchThrough.ReadAsync(store, run.Terminal, channel, window, TimeProvider.System, cancel);
    }

    private static void Show(Terminal terminal, WatchThroughReport report)
    {
        var rate = report.WatchThroughRate is { } share ? $"{share:0.00 %}" : "no rate, for want of a slate";
        terminal.Say(
            $"{report.LogFileProcessed}: {report.ConvertedRecommendationEvents:N0} of {report.TotalRecommendationEvents:N0} slates of channel {report.Channel} were followed by a watch within "
            + $"{report.AttributionWindowHours:0.##} h: {rate} ({report.TotalLogLines:N0} {(report.Lines is null ? "events" : "lines")})");
        if (report.Lines is not { } lines) return;
        terminal.Say($"{lines.Rejected:N0} lines rejected, {lines.FailedRequests:N0} requests failed, {lines.RepeatedRecommendations:N0} slates told again and counted once");
        if (lines.Late > 0) terminal.Say($"{lines.Late:N0} lines came more than the window late: what they belong to may have been missed. Import the log for exact figures.");
    }
}
