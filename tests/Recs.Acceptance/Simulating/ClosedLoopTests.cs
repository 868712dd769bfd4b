using System.Diagnostics;
using System.Text.Json;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance.Simulating;

/// <summary>A service that is closed to callers without a token, and all that simulated people did with it.</summary>
public sealed class VisitedService : IAsyncLifetime
{
    public RecsProgram Recs { get; private set; } = null!;
    public RunningService Service { get; private set; } = null!;

    /// <summary>Lines of slates in the truth files of all runs so far.</summary>
    public List<JsonElement> Slates { get; } = [];

    public string TokenFile => Path.Combine(Recs.Home, "service.token");

    public async Task InitializeAsync()
    {
        Recs = await RecsProgram.PreparedAsync("popularity");
        Service = await Recs.ServeAsync();
        await File.WriteAllTextAsync(TokenFile, (await Recs.MustAsync("token", "--role", "service")).Output);
        Service.Http.DefaultRequestHeaders.Authorization = new("Bearer", (await File.ReadAllTextAsync(TokenFile)).Trim());
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await Recs.DisposeAsync();
    }
}

/// <summary>People let loose on a service: what it says of them against what is true of them.</summary>
public class ClosedLoopTests(VisitedService visited) : IClassFixture<VisitedService>
{
    private static readonly long Success = (long)TimeSpan.FromMinutes(30).TotalMilliseconds, ClickThrough = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    private RecsProgram Recs => visited.Recs;

    private string Truth => Path.Combine(Recs.Home, "truth.jsonl");

    [Fact]
    public async Task The_services_metrics_are_what_was_done_and_what_was_to_be_expected()
    {
        // First so many people that hardly anybody comes twice, and only for what they are served: then a slate's outcomes are its own.
        await Recs.MustAsync(Simulate("--users", "100000", "--rate", "60", "--minutes", "0.075", "--finds", "0", "--seed", "1"));
        var slates = await TruthAsync();
        await CountedAsync();
        Expected(Converted(slates, Watches, Success), slates.Select(s => s.GetProperty("truth").GetProperty("served").GetProperty("success").GetDouble()));
        Expected(Converted(slates, Opens, ClickThrough), slates.Select(s => s.GetProperty("truth").GetProperty("opened").GetDouble()));

        // Then a few people who come again and again and find much by themselves.
        await Recs.MustAsync(Simulate("--users", "15", "--rate", "30", "--minutes", "0.05", "--finds", "0.6", "--seed", "2", "--shift", "tastes@0.5"));
        var more = await TruthAsync();
        more.ShouldContain(s => s.GetProperty("opens").EnumerateArray().Any(o => o.GetProperty("requestId").ValueKind == JsonValueKind.Null));
        await CountedAsync();
    }

    [Fact]
    public async Task Who_is_asked_to_stop_ends_in_order_with_the_summary()
    {
        using var simulating = Recs.Start(Simulate("--users", "50", "--rate", "20", "--minutes", "60", "--seed", "3"));
        await Soon.HappensAsync("some slates", async () => await Recs.SqlAsync("select count(*) from recs.mt_events where stream_id like 'recommendations-sim-3-%'") > 10);
        using (var kill = Process.Start("kill", ["-TERM", $"{simulating.Id}"])) await kill.WaitForExitAsync();
        var said = await simulating.StandardOutput.ReadToEndAsync();
        await simulating.WaitForExitAsync();
        simulating.ExitCode.ShouldBe(130);
        said.ShouldContain("share with a watched movie");
        // Everything that the service holds of them is in the truth file.
        var slates = await TruthAsync();
        (await Recs.SqlAsync("select count(*) from recs.mt_events where stream_id like 'recommendations-sim-3-%'")).ShouldBe(slates.Count);
        (await Recs.SqlAsync("select count(*) from recs.mt_events where stream_id like 'user-sim-3-%' and type = 'movie_watched'")).ShouldBe(slates.SelectMany(Watches).Count());
    }

    private string[] Simulate(params string[] more) => ["simulate", "--url", visited.Service.Http.BaseAddress!.ToString(), "--token-file", visited.TokenFile, "--truth", Truth, .. more];

    private async Task<List<JsonElement>> TruthAsync()
    {
        var slates = (await File.ReadAllLinesAsync(Truth)).Select(l => JsonDocument.Parse(l).RootElement).Where(l => l.GetProperty("kind").GetString() == "slate").ToList();
        visited.Slates.AddRange(slates);
        return slates;
    }

    /// <summary>Waits until the service has counted exactly what the truth says was done.</summary>
    private async Task CountedAsync()
    {
        var (all, shown) = (visited.Slates, "");
        var done = $"success {Converted(all, Watches, Success)} of {all.Count}, click-through {Converted(all, Opens, ClickThrough)} of {all.Count}";
        try
        {
            await Soon.HappensAsync("the metrics", async () => (shown = await FiguresAsync()) == done);
        }
        catch (TimeoutException)
        {
            shown.ShouldBe(done);
        }
    }

    private async Task<string> FiguresAsync()
    {
        var parts = new List<string>();
        foreach (var metric in new[] { "success", "click-through" })
        {
            var report = await visited.Service.Http.GetFromJsonAsync<JsonElement>($"/metrics/online?channel=simulated&metric={metric}");
            var figures = report.GetProperty("figures").EnumerateArray().ToList();
            parts.Add($"{metric} {figures.Sum(f => f.GetProperty("convertedSlates").GetInt64())} of {figures.Sum(f => f.GetProperty("slates").GetInt64())}");
        }
        return string.Join(", ", parts);
    }

    /// <summary>Slates of which a movie had an outcome of the same person within the window. An outcome that names a slate counts for that one only.</summary>
    private static long Converted(IReadOnlyList<JsonElement> slates, Func<JsonElement, IEnumerable<(string Movie, string? Request, long At)>> outcomesOf, long window)
    {
        var outcomes = slates.SelectMany(s => outcomesOf(s).Select(o => (User: s.GetProperty("userId").GetString(), Outcome: o))).ToLookup(o => o.User, o => o.Outcome);
        return slates.Count(slate =>
        {
            var (request, served) = (slate.GetProperty("requestId").GetString(), slate.GetProperty("servedAt").GetDateTimeOffset().ToUnixTimeMilliseconds());
            var items = slate.GetProperty("truth").GetProperty("items").EnumerateArray().Select(i => i.GetProperty("movieId").GetString()!).ToHashSet();
            return outcomes[slate.GetProperty("userId").GetString()].Any(o => items.Contains(o.Movie) && (o.Request ?? request) == request && o.At >= served && o.At - served <= window);
        });
    }

    private static IEnumerable<(string Movie, string? Request, long At)> Opens(JsonElement slate) => slate.GetProperty("opens").EnumerateArray()
        .Select(o => (o.GetProperty("movieId").GetString()!, o.GetProperty("requestId").GetString(), o.GetProperty("at").GetDateTimeOffset().ToUnixTimeMilliseconds()));

    private static IEnumerable<(string Movie, string? Request, long At)> Watches(JsonElement slate)
        => from w in slate.GetProperty("watches").EnumerateArray()
           from minute in Enumerable.Range(0, w.GetProperty("minutes").GetInt32())
           select (w.GetProperty("movieId").GetString()!, (string?)null, (w.GetProperty("at").GetDateTimeOffset() + (minute * TimeSpan.FromSeconds(w.GetProperty("everySeconds").GetDouble()))).ToUnixTimeMilliseconds());

    /// <summary>A count lies within four standard deviations of its expectation.</summary>
    private static void Expected(long count, IEnumerable<double> probabilities)
    {
        var all = probabilities.ToList();
        ((double)count).ShouldBe(all.Sum(), 4 * Math.Sqrt(all.Sum(p => p * (1 - p))));
    }
}
