using System.CommandLine;
using System.Globalization;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;
using Recs.Host.CommandLine;
using Recs.Host.Composition.Clocks;
using Recs.Host.Reporting;

namespace Recs.Host.Simulating.ReplayingData;

/// <summary>The mode of <c>recs simulate</c> that streams a data set's last part, in time order, to a service that lives in the data's own time.</summary>
internal static class ReplayingData
{
    /// <summary><c>--replay</c>, which chooses this mode.</summary>
    public static readonly Option<string?> Data = new("--replay") { HelpName = "DATA", Description = "Stream the last part of this data set in time order, instead of simulating people: a MovieLens folder or a CSV file of interactions." };

    private static readonly Option<double> From = new("--from") { HelpName = "SHARE", DefaultValueFactory = _ => 0.8, Description = "With --replay: the share of the ratings that came before; 'recs import --until SHARE' takes those." };
    private static readonly Option<double?> Speed = new("--speed") { HelpName = "X", Description = "With --replay: the data's seconds per real second, which must be the speed of the service's clock. [default: that speed]" };
    private static readonly Option<double> Ask = new("--ask") { HelpName = "SHARE", DefaultValueFactory = _ => 1, Description = "With --replay: how often a person asks for a slate before they act, 0 to 1." };
    private static readonly Option<string?> Resume = new("--resume") { HelpName = "FILE", Description = "With --replay: keep in this file how far it is, and go on from there if the file is there already." };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Options of this mode alone.</summary>
    public static readonly IReadOnlyList<Option> Options = [From, Speed, Ask, Resume];

    /// <summary>Runs until the data ends.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Run run, CancellationToken cancel)
    {
        var (path, from, asked, ask, file) = (run.Get(Data)!, run.Get(From), run.Get(Speed), run.Get(Ask), run.Get(Resume));
        if (!(from is > 0 and < 1)) throw new UsageException($"--from {from.ToString(CultureInfo.InvariantCulture)} must lie above 0 and below 1.");
        if (!(ask is >= 0 and <= 1)) throw new UsageException($"--ask {ask.ToString(CultureInfo.InvariantCulture)} must lie between 0 and 1.");
        if (asked is not null and not (>= SimulatedTime.Slowest and <= SimulatedTime.Fastest)) throw new UsageException($"--speed {asked.Value.ToString(CultureInfo.InvariantCulture)} must lie between {SimulatedTime.Slowest:0} and {SimulatedTime.Fastest:0}.");
        if (!Path.Exists(path)) throw new UsageException($"--replay: there is no file or folder '{Path.GetFullPath(path)}'.");
        var rejects = new RejectCounts();
        var set = DataSetReader.Read(path, DataSetFormat.Auto, rejects);
        if (rejects.Total > 0) run.Terminal.Say($"{rejects.Total:N0} rows of '{path}' cannot be read and are left out ('recs import' says why)");

        using var http = ServiceCaller.Open(run);
        var clock = new FollowedClock(http, TimeProvider.System);
        await clock.ReadAsync(cancel);
        var plan = ReplayPlan.Of(set, from, asked ?? (clock.Reading.Simulated ? clock.Reading.Speed : 1000));
        var state = ReplayState.Read(file, plan);
        ReplayTimes.Check(plan, state, clock.Reading, path);
        return await StreamAsync(run, http, plan, clock, ask, state, file, cancel);
    }

    private static async Task<int> StreamAsync(Run run, HttpClient http, ReplayPlan plan, FollowedClock clock, double ask, ReplayState state, string? file, CancellationToken cancel)
    {
        if (state.Sent > 0) run.Terminal.Say($"goes on after {state.Stored + state.Refused.Values.Sum():N0} facts of {plan.Facts:N0}");
        run.Terminal.Say($"{plan.Facts:N0} facts from {SimulatedTime.Text(plan.Begins)} to {SimulatedTime.Text(plan.Ends)}, {TimeLeft.Text(Left())} of real time; the service's clock shows {SimulatedTime.Text(clock.Now)}");
        using var client = new PatientClient(http, Patience, TimeProvider.System);
        var driver = new ReplayDriver(client, plan, clock, ask, state, TimeProvider.System);
        var (before, begun) = (state.Stored + state.Refused.Values.Sum(), TimeProvider.System.GetTimestamp());
        try
        {
            await run.Terminal.WithProgressAsync("replaying", "facts", async progress =>
            {
                await driver.RunAsync(() => state.Write(file), progress, cancel);
                return 0;
            }, Left);
        }
        finally
        {
            state.Write(file); // also what the last slates came to
            var summary = ReplaySummary.Of(plan, state, driver, before, TimeProvider.System.GetElapsedTime(begun));
            summary.Show(run.Terminal);
            run.Terminal.Report(run.JsonTarget, summary);
        }
        return ExitCode.Done;

        // Facts are spread unevenly over the data's time, which alone tells how long it goes on.
        TimeSpan Left() => (plan.Ends - clock.Now) / plan.Speed;
    }
}
