using Recs.Host.CommandLine;
using Recs.Host.Composition.Clocks;
using Recs.Host.Observing;

namespace Recs.Host.Simulating.ReplayingData;

/// <summary>Whether a service lives in the time of the data, and if not, how to start one that does.</summary>
internal static class ReplayTimes
{
    /// <summary>Longest wait for the data to begin, and longest time gone by since it began, in real time.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10), LongestPast = TimeSpan.FromMinutes(5);

    /// <summary>Least time gone by that is let pass, in the data's time.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    /// <summary>Seconds of real time that the service gets to start in before the data begins, and the most that this may be of the data's time.</summary>
    private const double HeadStartSeconds = 10;
    private static readonly TimeSpan MostHeadStart = TimeSpan.FromHours(12);

    /// <summary>Checks the service's clock.</summary>
    /// <param name="plan">What is to be replayed.</param>
    /// <param name="state">How far it is: a replay that goes on may be late, it catches up.</param>
    /// <param name="reading">The service's clock.</param>
    /// <param name="data">The data as the command line names it.</param>
    /// <exception cref="UsageException">It does not fit; says which commands start one that does.</exception>
    public static void Check(ReplayPlan plan, ReplayState state, MonitoringRoutes.ClockReading reading, string data)
    {
        var next = plan.Batches[Math.Min(state.Sent, plan.Batches.Count - 1)].From;
        var past = reading.Now - next;
        var trouble = !reading.Simulated ? "the service lives in real time"
            : reading.Speed != plan.Speed ? $"the service's clock runs at {reading.Speed:0.###} times real time, not at {plan.Speed:0.###}"
            : -past / reading.Speed > LongestWait ? $"the service's clock shows {SimulatedTime.Text(reading.Now)}; the data goes on at {SimulatedTime.Text(next)}, more than {LongestWait.TotalMinutes:0} minutes of real time later"
            : past > Slack && past / reading.Speed > LongestPast && state.Sent == 0 ? $"the service's clock shows {SimulatedTime.Text(reading.Now)}, but the data begins at {SimulatedTime.Text(next)}"
            : null;
        if (trouble is not null)
            throw new UsageException($"{trouble}. Start it in the data's time: recs up --clock {Start(plan, next)}{(state.Sent == 0 ? $" (on a log of its own, with what came before: recs import --data {data} --until {plan.From:0.####} --clock {Before(next)})" : "")}");
    }

    private static SimulatedTime Start(ReplayPlan plan, DateTimeOffset next)
        => new(next - (TimeSpan.FromSeconds(HeadStartSeconds * plan.Speed) is var lead && lead < MostHeadStart ? lead : MostHeadStart), plan.Speed);

    private static SimulatedTime Before(DateTimeOffset next) => new(next - TimeSpan.FromDays(1), 1);
}
