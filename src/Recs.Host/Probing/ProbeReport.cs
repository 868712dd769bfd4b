using Recs.Host.CommandLine;
using Recs.Host.Reporting;
using Recs.Host.Simulating;

namespace Recs.Host.Probing;

/// <summary>What all probes of a run saw.</summary>
/// <param name="Url">The service.</param>
/// <param name="Probes">How many probes.</param>
/// <param name="Good">How many got a good answer.</param>
/// <param name="Unreachable">How many got none.</param>
/// <param name="Availability">Share of the good ones, 0 to 1.</param>
/// <param name="P50Ms">Half of the answers took no longer; null without any.</param>
/// <param name="P99Ms">99 of 100 took no longer.</param>
/// <param name="Failed">The probes that were not good; at most the first hundred.</param>
internal sealed record ProbeReport(string Url, int Probes, int Good, int Unreachable, double Availability, double? P50Ms, double? P99Ms, IReadOnlyList<ProbeResult> Failed)
{
    /// <summary>Sums up.</summary>
    public static ProbeReport Of(Uri service, ProbeTally tally)
    {
        var latencies = Percentiles.Of(tally.LatenciesMs);
        return new(service.ToString(), tally.Probes, tally.Good, tally.Unreachable, tally.Probes == 0 ? 0 : (double)tally.Good / tally.Probes, latencies.At(0.50), latencies.At(0.99), tally.Failed);
    }

    /// <summary>0 if every probe was good, 3 if nothing ever answered, else 1.</summary>
    public int Exit => Good == Probes ? ExitCode.Done : Unreachable == Probes ? ExitCode.Unavailable : ExitCode.NotHeld;

    /// <summary>What a probe came to: a good answer, a bad one, or none.</summary>
    public static string WordFor(ProbeResult result) => result.Good ? "good" : result.Status is null ? "NO ANSWER" : "BAD";

    /// <summary>Prints it for people, in the words of the single lines.</summary>
    public void Show(Terminal terminal)
        => terminal.Say($"{Probes:N0} probe{(Probes == 1 ? "" : "s")} of {Url}: {Good:N0} good, {Probes - Good - Unreachable:N0} bad, {Unreachable:N0} no answer; availability {Availability:P2} (good of all)"
            + (P50Ms is null ? "" : $"; answers took {P50Ms:0.0} ms at p50, {P99Ms:0.0} ms at p99"));
}

/// <summary>Counts probes; what it keeps is bounded, since probes may run for months.</summary>
internal sealed class ProbeTally
{
    private const int MostKept = 100, MostLatencies = 10_000;
    private readonly Queue<double> latencies = new();
    private readonly List<ProbeResult> failed = [];

    /// <summary>Probes so far.</summary>
    public int Probes { get; private set; }
    /// <summary>Good ones.</summary>
    public int Good { get; private set; }
    /// <summary>Those that nobody answered.</summary>
    public int Unreachable { get; private set; }
    /// <summary>Milliseconds of the latest answers.</summary>
    public IReadOnlyCollection<double> LatenciesMs => latencies;
    /// <summary>The first that were not good.</summary>
    public IReadOnlyList<ProbeResult> Failed => failed;

    /// <summary>Counts one.</summary>
    public void Add(ProbeResult result)
    {
        Probes++;
        if (result.Good) Good++;
        else if (failed.Count < MostKept) failed.Add(result);
        if (result.Status is null)
        {
            Unreachable++;
            return;
        }
        latencies.Enqueue(result.LatencyMs);
        if (latencies.Count > MostLatencies) latencies.Dequeue();
    }
}
