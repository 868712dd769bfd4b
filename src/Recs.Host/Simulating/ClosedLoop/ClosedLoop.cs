using System.CommandLine;
using System.Net;
using Recs.Contracts;
using Recs.Host.CommandLine;
using Recs.Host.Reporting;
using Recs.Host.Simulating.People;

namespace Recs.Host.Simulating.ClosedLoop;

/// <summary>The mode of <c>recs simulate</c> in which people of invented tastes watch and rate what they are served.</summary>
internal static class ClosedLoop
{
    private const int MostUsers = 1_000_000, LongestPrefix = 100;
    private const double MostRate = 10_000, LongestMinutes = 7 * 24 * 60;

    private static readonly Option<int> Users = new("--users") { HelpName = "N", DefaultValueFactory = _ => 1000, Description = "How many people there are, 1 to 1,000,000." };
    private static readonly Option<double> Rate = new("--rate") { HelpName = "R", DefaultValueFactory = _ => 20, Description = "Visits a second, kept whether the service keeps up or not; up to 10,000." };
    private static readonly Option<double> Minutes = new("--minutes") { HelpName = "M", DefaultValueFactory = _ => 1, Description = "For how long, real time; up to a week." };
    private static readonly Option<ulong> Seed = new("--seed") { HelpName = "N", DefaultValueFactory = _ => 1, Description = "The same seed makes the same people." };
    private static readonly Option<string?> ShiftOption = new("--shift") { HelpName = "LIST", Description = "What changes at which share of the run: tastes@0.5, popularity@0.5 (or popularity:Comedy@0.5, popularity:new@0.5), volume@0.5 (doubles; or volume:0.5@0.5), joined by commas." };
    private static readonly Option<double> Finds = new("--finds") { HelpName = "SHARE", DefaultValueFactory = _ => 0.15, Description = "In which share of their visits people also look for movies by themselves (a search, or what is popular), 0 to 1." };
    private static readonly Option<string?> Truth = new("--truth") { HelpName = "FILE", Description = "Write what was true as JSON lines: each person's taste; of each slate every movie's probability of being watched and expected rating, what was done, and the best movies." };
    private static readonly Option<string?> UserPrefix = new("--user-prefix") { HelpName = "P", Description = "What user ids begin with; a number follows. [default: sim-SEED-]" };
    private static readonly Option<int> Patience = new("--patience") { HelpName = "SECONDS", DefaultValueFactory = _ => 30, Description = "Give up when the service has not answered for so long, or does not get ready." };

    /// <summary>Options of this mode alone.</summary>
    public static readonly IReadOnlyList<Option> Options = [Users, Rate, Minutes, Seed, Finds, ShiftOption, Truth, UserPrefix, Patience];

    /// <summary>Runs until the minutes are over.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Run run, CancellationToken cancel)
    {
        var (plan, patience) = (PlanOf(run), TimeSpan.FromSeconds(Within("--patience", run.Get(Patience), 1, 3600)));
        using var http = ServiceCaller.Open(run);
        var (real, clock) = (TimeProvider.System, new FollowedClock(http, TimeProvider.System));
        await clock.ReadWhenReadyAsync(patience, cancel);
        await RequireRightAsync(http, cancel);
        var start = clock.Reading;
        var films = new FilmCatalogue(plan.Random, await new CatalogueReading(http).ReadAsync(cancel));
        plan = plan with { Shifts = [.. plan.Shifts.Select((shift, index) => shift.Resolve(plan.Random, index, films.Genres))] };
        using var truth = TruthFile.Create(run.Get(Truth));
        truth?.Add(new SimulationLine(
            "simulation", TruthFile.Version, plan.Seed, plan.Users, plan.Rate, plan.Length.TotalMinutes, plan.Pace(start.Speed), plan.UserPrefix, $"{http.BaseAddress}", start.Now, start.Speed, films.ByFame.Count,
            [.. plan.Shifts.Select(s => new ShiftLine(s.Kind, s.What, s.Factor, s.At, start.Now + plan.Length * s.At * start.Speed))]));
        run.Terminal.Say($"{plan.Users:N0} people ({plan.UserPrefix}1 and on) with {films.ByFame.Count:N0} movies of {http.BaseAddress}, {plan.Rate:0.###} visits/s for {plan.Length.TotalMinutes:0.###} min; "
            + $"its clock: {start.Now:u}{(start.Speed == 1 ? "" : $" at {start.Speed:0.###} times real time")}; people live at {plan.Pace(start.Speed):0.#} times that clock");
        var simulation = new Simulation(http, plan, films, start, truth, patience, Guid.CreateVersion7(real.GetUtcNow()).ToString("N"), real);
        var summary = await run.Terminal.WithProgressAsync("simulating", "visits", progress => simulation.RunAsync(progress, cancel));
        Show(run.Terminal, summary);
        run.Terminal.Report(run.JsonTarget, summary);
        return summary.Ended switch
        {
            "service gone" => run.Terminal.Fail(simulation.Gone!, ExitCode.Unavailable),
            "interrupted" => run.Terminal.Fail("stopped.", ExitCode.Interrupted),
            _ => ExitCode.Done,
        };
    }

    /// <summary>Slates of channel simulated, and other people's facts, are for services. What only they may read tells before anything is sent.</summary>
    private static async Task RequireRightAsync(HttpClient http, CancellationToken cancel)
    {
        using var response = await http.GetAsync("users?k=1", cancel);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            throw new UsageException($"the service at {http.BaseAddress} lets only services and admins simulate people: 'recs token --role service > FILE', then --token-file FILE.");
    }

    private static SimulationPlan PlanOf(Run run)
    {
        var prefix = run.Get(UserPrefix) ?? $"sim-{run.Get(Seed)}-";
        if (!EntityId.IsValid(prefix) || prefix.Length > LongestPrefix)
            throw new UsageException($"--user-prefix '{prefix}' cannot begin an id: {EntityId.Rule}, here at most {LongestPrefix}.");
        return new(
            (int)Within("--users", run.Get(Users), 1, MostUsers), Within("--rate", run.Get(Rate), 0.001, MostRate),
            TimeSpan.FromMinutes(Within("--minutes", run.Get(Minutes), 0.001, LongestMinutes)), run.Get(Seed), prefix, Within("--finds", run.Get(Finds), 0, 1), Shift.Parse(run.Get(ShiftOption) ?? ""));
    }

    private static double Within(string option, double value, double least, double most)
        => value >= least && value <= most ? value : throw new UsageException($"{option} {value} is not from {least:0.###} to {most:N0}.");

    private static void Show(Terminal terminal, SimulationSummary s)
    {
        terminal.Say();
        terminal.Say($"{s.Visits + s.Skipped:N0} visits were due; {s.Visits:N0} began at {s.VisitsPerSecond:0.0}/s (asked for {s.Rate:0.###}/s){(s.Skipped > 0 ? $", {s.Skipped:N0} did not, since their people were still busy" : "")}; "
            + $"the last ended after {s.Seconds:0.0} s{(s.Cut > 0 ? $", {s.Cut:N0} cut short by the end of the run" : "")}");
        terminal.Table([["slates", "opens", "watches", "minutes", "ratings", "finds", "refused", "pushed back", "p50 ms", "p99 ms"],
            [$"{s.Slates:N0}", $"{s.Opens:N0}", $"{s.Watches:N0}", $"{s.WatchedMinutes:N0}", $"{s.Ratings:N0}", $"{s.Finds:N0}", $"{s.Refused:N0}", $"{s.PushedBack:N0}", $"{s.P50Ms:0.0}", $"{s.P99Ms:0.0}"]], 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        foreach (var (reason, count) in s.Refusals) terminal.Say($"  refused {count:N0} times: {reason}");
        terminal.Say();
        terminal.Table([["of the slates", "seen", "expected", "random slates", "best slates"],
            ["share with a watched movie", Text(s.Success.Seen), Text(s.Success.Expected), Text(s.Success.Random), Text(s.Success.Best)],
            ["mean rating of a movie", Text(s.Rating.Seen), Text(s.Rating.Expected), Text(s.Rating.Random), Text(s.Rating.Best)]], 1, 2, 3, 4);
    }

    private static string Text(double? value) => value is { } v ? $"{v:0.0000}" : "-";
}
