using Recs.Host.Composition.Clocks;
using Recs.Host.Reporting;

namespace Recs.Host.Simulating.ReplayingData;

/// <summary>What a replay did, over all its runs where it was resumed.</summary>
/// <param name="Data">Name of the data set.</param>
/// <param name="From">Share of its ratings that came before.</param>
/// <param name="Speed">The data's seconds per real second.</param>
/// <param name="Begins">Time of the first fact, to the batch.</param>
/// <param name="Ends">Time of the last.</param>
/// <param name="Facts">Facts to send.</param>
/// <param name="Stored">Facts that are in the log.</param>
/// <param name="Refused">Facts that the service refused.</param>
/// <param name="Reasons">Why, and how many.</param>
/// <param name="Slates">Slates that people got before they acted.</param>
/// <param name="Unserved">Slates that the service refused, by reason.</param>
/// <param name="Complete">Everything was sent.</param>
/// <param name="Seconds">Real seconds of this run.</param>
/// <param name="FactsPerSecond">Facts of this run a second.</param>
/// <param name="BehindSeconds">How late the latest batch of this run was sent, in real seconds.</param>
/// <param name="P50Ms">Half of this run's slates took no longer; null without a slate.</param>
/// <param name="P99Ms">99 of 100 took no longer.</param>
internal sealed record ReplaySummary(
    string Data, double From, double Speed, DateTimeOffset Begins, DateTimeOffset Ends, long Facts, long Stored, long Refused, IReadOnlyDictionary<string, long> Reasons,
    long Slates, IReadOnlyDictionary<string, long> Unserved, bool Complete, double Seconds, double FactsPerSecond, double BehindSeconds, double? P50Ms, double? P99Ms)
{
    /// <summary>Sums up.</summary>
    public static ReplaySummary Of(ReplayPlan plan, ReplayState state, ReplayDriver driver, long before, TimeSpan took)
    {
        var refused = state.Refused.Values.Sum();
        var latencies = Percentiles.Of(driver.Latencies);
        return new(
            plan.Set.Name, plan.From, plan.Speed, plan.Begins, plan.Ends, plan.Facts, state.Stored, refused, state.Refused, state.Slates, state.Unserved,
            state.Sent == plan.Batches.Count, took.TotalSeconds, (state.Stored + refused - before) / Math.Max(0.001, took.TotalSeconds), driver.Behind.TotalSeconds, latencies.At(0.50), latencies.At(0.99));
    }

    /// <summary>Prints it for people.</summary>
    public void Show(Terminal terminal)
    {
        terminal.Say($"{Data} from {SimulatedTime.Text(Begins)} to {SimulatedTime.Text(Ends)} at {Speed:N0} times its pace: {Stored + Refused:N0} of {Facts:N0} facts sent, {Stored:N0} stored, {Refused:N0} refused");
        foreach (var (reason, count) in Reasons.OrderByDescending(r => r.Value))
            terminal.Say($"  refused: {count:N0} {reason}");
        terminal.Say($"{Slates:N0} slates before people acted{(P50Ms is null ? "" : $", p50 {P50Ms:0.0} ms, p99 {P99Ms:0.0} ms")}");
        foreach (var (reason, count) in Unserved.OrderByDescending(r => r.Value))
            terminal.Say($"  not served: {count:N0} {reason}");
        terminal.Say($"{Seconds:0.0} s, {FactsPerSecond:N0} facts/s, at most {BehindSeconds:0.00} s behind the clock{(Complete ? "" : "; NOT complete")}");
    }
}
