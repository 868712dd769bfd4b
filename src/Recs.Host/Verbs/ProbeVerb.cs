using System.CommandLine;
using System.Globalization;
using Recs.Contracts;
using Recs.Host.CommandLine;
using Recs.Host.Probing;
using Recs.Host.Reporting;
using Recs.Host.Simulating;

namespace Recs.Host.Verbs;

/// <summary><c>recs probe</c>: asks a running service for slates as a person would, and says how good they are.</summary>
internal static class ProbeVerb
{
    private const int K = 20;

    private static readonly Option<double> Interval = new("--interval") { HelpName = "S", DefaultValueFactory = _ => 60, Description = "Seconds from one probe to the next, 0.1 to 86,400." };
    private static readonly Option<int?> Count = new("--count") { HelpName = "N", Description = "Stop after so many probes. [default: until Ctrl-C]" };
    private static readonly Option<string> User = new("--user") { HelpName = "ID", DefaultValueFactory = _ => "probe", Description = "Who asks. One whom nobody has heard of gets a cold-start slate." };
    private static readonly Option<double> MaxLatency = new("--max-latency") { HelpName = "MS", DefaultValueFactory = _ => 1000, Description = "Milliseconds that a good answer may take." };

    public static Command Create(Terminal terminal)
        => new Verb("probe", $"Ask a running service for {K} movies again and again, and check what comes: exit 1 if any answer was not good, 3 if there was none.")
        {
            Examples = ["probe --interval 60 --token-file service.token", "probe --interval 1 --count 30 --user 42 --json -", "probe --url https://recs.example --interval 10 --count 6 --token-file -"],
            Options = { Interval, Count, User, MaxLatency, ServiceCaller.Url, ServiceCaller.TokenFile, Flags.Json() },
        }.Does(terminal, ProbeAsync);

    private static async Task<int> ProbeAsync(Run run, CancellationToken cancel)
    {
        var (interval, count, user, patience) = (run.Get(Interval), run.Get(Count), run.Get(User)!, run.Get(MaxLatency));
        if (!(interval is >= 0.1 and <= 86400)) throw new UsageException($"--interval {interval.ToString(CultureInfo.InvariantCulture)} must lie between 0.1 and 86400 seconds.");
        if (count is < 1) throw new UsageException($"--count {count} must be 1 or more.");
        if (!EntityId.IsValid(user)) throw new UsageException($"--user '{user}' is not an id: {EntityId.Rule}.");
        if (!(patience > 0)) throw new UsageException($"--max-latency {patience.ToString(CultureInfo.InvariantCulture)} must be above 0.");

        using var http = ServiceCaller.Open(run);
        var (probe, tally) = (new ProbeService(http, new(user, K, patience), TimeProvider.System), new ProbeTally());
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(interval));
        try
        {
            do
            {
                var result = await probe.RunAsync(cancel);
                tally.Add(result);
                Say(run.Terminal, result);
            }
            while (tally.Probes != count && await timer.WaitForNextTickAsync(cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            run.Terminal.Say("stopped");
        }
        var report = ProbeReport.Of(http.BaseAddress!, tally);
        report.Show(run.Terminal);
        run.Terminal.Report(run.JsonTarget, report);
        return report.Exit;
    }

    private static void Say(Terminal terminal, ProbeResult result)
        => terminal.Say($"{result.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}  {ProbeReport.WordFor(result),-9}  {result.LatencyMs,8:0.0} ms  "
            + (result.Good ? $"channel {result.Channel} request {result.RequestId}" : string.Join("; ", result.Faults)));
}
