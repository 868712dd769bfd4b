using System.Text.Json;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Simulating.ClosedLoop;

/// <summary>The verb against a service that is not one.</summary>
public sealed class ClosedLoopTests
{
    [Fact]
    public async Task the_same_seed_and_state_make_the_same_requests_of_each_person_in_the_same_order()
    {
        await using var one = await StandInService.StartAsync();
        await using var other = await StandInService.StartAsync();
        await using var third = await StandInService.StartAsync();
        var runs = await Task.WhenAll(SimulateAsync(one, "--seed", "5"), SimulateAsync(other, "--seed", "5"), SimulateAsync(third, "--seed", "6", "--user-prefix", "sim-5-"));
        foreach (var run in runs) run.ExitCode.ShouldBe(0, run.Output + run.Error);
        one.Requests.Count.ShouldBeGreaterThan(5);
        one.Requests.Keys.ShouldAllBe(user => user.StartsWith("sim-5-"));
        one.Requests.Values.SelectMany(r => r).ShouldContain(r => r.StartsWith("/ratings"));
        other.Requests.OrderBy(r => r.Key).Select(r => $"{r.Key}: {string.Join('\n', r.Value)}").ShouldBe(one.Requests.OrderBy(r => r.Key).Select(r => $"{r.Key}: {string.Join('\n', r.Value)}"));
        third.Requests.Values.SelectMany(r => r).Order().ShouldNotBe(one.Requests.Values.SelectMany(r => r).Order());
    }

    [Fact]
    public async Task every_slate_is_of_channel_simulated_and_the_summary_counts_what_was_taken()
    {
        await using var service = await StandInService.StartAsync();
        var report = Report(await SimulateAsync(service, "--json", "-"));
        var requests = service.Requests.Values.SelectMany(r => r).ToList();
        report.GetProperty("slates").GetInt32().ShouldBe(requests.Count(r => r == "simulated /recommend k=20"));
        report.GetProperty("opens").GetInt32().ShouldBe(requests.Count(r => r.StartsWith("/opens")));
        report.GetProperty("watches").GetInt32().ShouldBe(requests.Count(r => r.StartsWith("/watches")));
        report.GetProperty("watchedMinutes").GetInt32().ShouldBe(requests.Where(r => r.StartsWith("/watches") || r.StartsWith("/events")).Sum(r => r.Split("\"minute\":").Length - 1));
        report.GetProperty("ratings").GetInt32().ShouldBe(requests.Count(r => r.StartsWith("/ratings")));
        report.GetProperty("success").GetProperty("best").GetDouble().ShouldBeGreaterThan(report.GetProperty("success").GetProperty("random").GetDouble());
    }

    [Fact]
    public async Task a_request_that_is_to_come_later_comes_later_under_the_same_key()
    {
        var pushed = 0;
        await using var service = await StandInService.StartAsync(http =>
        {
            if (http.Request.Method != "POST" || Interlocked.Increment(ref pushed) % 2 == 0) return Task.FromResult(false);
            http.Response.StatusCode = pushed % 4 == 1 ? 429 : 503;
            http.Response.Headers.RetryAfter = "0";
            return Task.FromResult(true);
        });
        var report = Report(await SimulateAsync(service, "--json", "-"));
        report.GetProperty("pushedBack").GetInt32().ShouldBeGreaterThan(0);
        report.GetProperty("refused").GetInt32().ShouldBe(0);
        service.Keys.Values.ShouldAllBe(count => count == 1);
        report.GetProperty("watches").GetInt32().ShouldBe(service.Requests.Values.SelectMany(r => r).Count(r => r.StartsWith("/watches")));
    }

    [Fact]
    public async Task a_slow_service_shows_as_latency_and_the_rate_is_kept()
    {
        await using var service = await StandInService.StartAsync(async http =>
        {
            if (http.Request.Path.StartsWithSegments("/recommend")) await Task.Delay(700); // the service's slowness, which is what is tested
            return false;
        });
        var report = Report(await SimulateAsync(service, "--users", "1000", "--json", "-"));
        report.GetProperty("p50Ms").GetDouble().ShouldBeGreaterThan(690);
        report.GetProperty("slates").GetInt32().ShouldBe(30);
        report.GetProperty("skipped").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task what_the_service_refuses_is_counted_by_reason()
    {
        await using var service = await StandInService.StartAsync(async http =>
        {
            if (!http.Request.Path.StartsWithSegments("/ratings")) return false;
            await Results.Problem("No stars today.", statusCode: 422).ExecuteAsync(http);
            return true;
        });
        var report = Report(await SimulateAsync(service, "--json", "-"));
        report.GetProperty("ratings").GetInt32().ShouldBe(0);
        report.GetProperty("refusals").GetProperty("ratings: 422 No stars today.").GetInt32().ShouldBe(report.GetProperty("refused").GetInt32());
    }

    [Fact]
    public async Task a_service_that_dies_ends_the_run_with_3_and_a_summary()
    {
        var slates = 0;
        await using var service = await StandInService.StartAsync(http =>
        {
            if (!http.Request.Path.StartsWithSegments("/recommend") || Interlocked.Increment(ref slates) < 10) return Task.FromResult(false);
            http.Abort(); // as the kernel does for a process that is gone
            return Task.FromResult(true);
        });
        var run = await SimulateAsync(service, "--minutes", "10", "--patience", "1", "--json", "-");
        run.ExitCode.ShouldBe(3, run.Error);
        JsonDocument.Parse(run.Output).RootElement.GetProperty("slates").GetInt32().ShouldBeInRange(1, 20);
        run.Error.ShouldContain("visits were due; ");
    }

    [Fact]
    public async Task the_truth_file_tells_the_run_the_people_and_each_slate()
    {
        await using var service = await StandInService.StartAsync();
        var file = Path.GetTempFileName();
        var report = Report(await SimulateAsync(service, "--shift", "tastes@0.5,popularity:comedy@0.25", "--truth", file, "--json", "-"));
        var lines = (await File.ReadAllLinesAsync(file)).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        File.Delete(file);
        lines[0].GetProperty("kind").GetString().ShouldBe("simulation");
        lines[0].GetProperty("shifts").EnumerateArray().Select(s => s.GetProperty("what").GetString()).ShouldBe(["Comedy", null]);
        lines[0].GetProperty("shifts")[0].GetProperty("at").GetDateTimeOffset().ShouldBe(new(2020, 2, 2, 20, 0, 0, 187, TimeSpan.Zero), TimeSpan.FromMilliseconds(1));
        lines.Count(l => l.GetProperty("kind").GetString() == "slate").ShouldBe(report.GetProperty("slates").GetInt32());
        var told = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in lines.Skip(1))
            if (line.GetProperty("kind").GetString() == "person") told[line.GetProperty("userId").GetString()!] = line.GetProperty("epoch").GetInt32();
            else told.ShouldContainKey(line.GetProperty("userId").GetString()!);
        told.Values.Distinct().Order().ShouldBe([0, 1]);
        var slate = lines.First(l => l.GetProperty("kind").GetString() == "slate").GetProperty("truth");
        slate.GetProperty("items").GetArrayLength().ShouldBe(20);
        slate.GetProperty("bestFilms").GetArrayLength().ShouldBe(20);
        slate.GetProperty("items")[0].GetProperty("rating").GetDouble().ShouldBeInRange(0.5, 5);
    }

    [Fact]
    public async Task a_service_that_asks_for_a_token_says_how_to_get_one()
    {
        await using var service = await StandInService.StartAsync(http =>
        {
            if (!http.Request.Path.StartsWithSegments("/users")) return Task.FromResult(false);
            http.Response.StatusCode = 401;
            return Task.FromResult(true);
        });
        var run = await SimulateAsync(service);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain("recs token --role service");
    }

    [Theory]
    [InlineData("--users", "0")]
    [InlineData("--rate", "0")]
    [InlineData("--minutes", "-1")]
    [InlineData("--finds", "2")]
    [InlineData("--user-prefix", "white space")]
    [InlineData("--shift", "sideways@0.5")]
    [InlineData("--url", "ftp://somewhere")]
    public async Task what_makes_no_sense_is_bad_usage(string option, string value)
    {
        var run = await Invocation.OfAsync("simulate", option, value);
        run.ExitCode.ShouldBe(2, run.Output);
        run.Error.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain(option);
    }

    [Fact]
    public async Task no_service_at_all_ends_with_3()
    {
        var run = await Invocation.OfAsync("simulate", "--url", "http://127.0.0.1:1");
        run.ExitCode.ShouldBe(3);
        run.Error.ShouldContain("no service answers at http://127.0.0.1:1/");
    }

    /// <summary>30 visits of 25 people within three quarters of a second.</summary>
    private static Task<Invocation> SimulateAsync(StandInService service, params string[] more)
    {
        string[] usual = ["--users", "25", "--rate", "40", "--minutes", "0.0125", "--finds", "0.4"];
        var given = more.Where((_, i) => i % 2 == 0).ToHashSet();
        return Invocation.OfAsync(["simulate", "--url", service.Url, .. usual.Chunk(2).Where(o => !given.Contains(o[0])).SelectMany(o => o), .. more]);
    }

    private static JsonElement Report(Invocation run)
    {
        run.ExitCode.ShouldBe(0, run.Output + run.Error);
        return JsonDocument.Parse(run.Output).RootElement;
    }
}
