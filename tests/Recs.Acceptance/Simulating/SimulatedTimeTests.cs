using System.Globalization;
using System.Text.Json;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance.Simulating;

/// <summary>A data set of which the first half is imported and the second is streamed to a service that lives in its time.</summary>
public class SimulatedTimeTests
{
    private const int Rows = 2000, Seconds = 8000, Speed = 1000;
    private static readonly DateTimeOffset Begins = new(2015, 6, 1, 12, 0, 0, TimeSpan.Zero);

    private static void Write(string path)
        => File.WriteAllLines(path, Enumerable.Range(0, Rows).Select(i => string.Create(CultureInfo.InvariantCulture, $"u{i % 50},m{i * 7 % 90},{1 + (i % 5)},{Begins.ToUnixTimeSeconds() + ((long)i * Seconds / Rows)}")));

    private static string Moment(double seconds) => Begins.AddSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_replay_that_is_killed_and_resumed_doubles_nothing_and_loses_nothing()
    {
        await using var recs = await RecsProgram.CreateAsync();
        var (data, state, address) = (Path.Combine(recs.Home, "ratings.csv"), Path.Combine(recs.Home, "replay.state"), "");
        Write(data);
        await recs.MustAsync("import", "--data", data, "--until", "0.5", "--clock", Moment(-3600) + "@1");
        await recs.MustAsync("train", "popularity");
        await recs.MustAsync("models", "promote", "popularity-v0.1", "--reason", "test");
        (await recs.SqlAsync("select count(*) from recs.mt_events where type = 'movie_rated'")).ShouldBe(Rows / 2);

        await using (var service = await recs.ServeAsync("--demo", "on", "--clock", $"{Moment((Seconds / 2) - (2 * Speed))}@{Speed}"))
        {
            service.Said.ShouldContain(line => line.Contains("SIMULATED", StringComparison.Ordinal));
            address = service.Http.BaseAddress!.ToString();
            await ClosesWindowsAsync(service.Http);
            var other = await recs.RunAsync("up", "--port", "0", "--clock", Moment(Seconds) + "@5");
            (other.ExitCode, other.Error).ShouldSatisfyAllConditions(o => o.ExitCode.ShouldBe(2), o => o.Error.ShouldContain("other processes use this log on the clock"));

            string[] replay = ["simulate", "--replay", data, "--from", "0.5", "--url", address, "--resume", state];
            using (var killed = recs.Start(replay))
            {
                await Soon.HappensAsync("a tenth is streamed", async () => killed.HasExited || await StreamedAsync(recs) > Rows / 20);
                killed.HasExited.ShouldBeFalse();
                killed.Kill();
                await killed.WaitForExitAsync();
            }
            (await StreamedAsync(recs)).ShouldBeLessThan(Rows / 2);
            var resumed = await recs.MustAsync([.. replay, "--json", "-"]);
            var report = JsonDocument.Parse(resumed.Output).RootElement;
            (report.GetProperty("stored").GetInt32(), report.GetProperty("refused").GetInt32()).ShouldBe((Rows / 2, 0), resumed.Everything);
            (await StreamedAsync(recs)).ShouldBe(Rows / 2);
            (await recs.SqlAsync("select count(distinct (data->>'UserId', data->>'MovieId', data->>'At')) from recs.mt_events where type = 'movie_rated'")).ShouldBe(Rows);
            report.GetProperty("slates").GetInt32().ShouldBeGreaterThan(0);

            var probe = await recs.MustAsync("probe", "--url", address, "--count", "1", "--max-latency", "30000");
            probe.Output.ShouldContain(" simulated ");
            (await service.TerminateAsync()).ShouldBe(0);
        }
        (await recs.SqlAsync("select count(*) from recs.mt_events where type = 'recommendation_served' and data->>'Channel' <> 'simulated'")).ShouldBe(0);
        (await recs.SqlAsync("select count(*) from recs.mt_events where timestamp > '2016-01-01'")).ShouldBe(0, "nothing is recorded in the present");
        var back = await recs.RunAsync("up", "--port", "0", "--clock", Moment(0) + "@1");
        (back.ExitCode, back.Error).ShouldSatisfyAllConditions(b => b.ExitCode.ShouldBe(2), b => b.Error.ShouldContain("time never goes back. Give --clock 2015-06-"));
        await recs.MustAsync("check");
    }

    /// <summary>Half an hour after a slate, which is two real seconds, the person watches what was shown: too late to count, unlike one who says that it was earlier.</summary>
    private static async Task ClosesWindowsAsync(HttpClient http)
    {
        async Task<JsonElement> AskAsync(string user) => await http.GetFromJsonAsync<JsonElement>($"/recommend/{user}");
        async Task<DateTimeOffset> NowAsync() => (await http.GetFromJsonAsync<JsonElement>("/readyz")).GetProperty("clock").GetProperty("now").GetDateTimeOffset();
        var (late, timely) = (await AskAsync("late"), await AskAsync("timely"));
        var served = timely.GetProperty("servedAt").GetDateTimeOffset();
        served.ShouldBeInRange(Begins, Begins.AddYears(1));
        var begun = TimeProvider.System.GetTimestamp();
        await Soon.HappensAsync("half an hour goes by", async () => await NowAsync() > served.AddMinutes(31));
        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromMinutes(1));
        await WatchAsync(http, "late", late, null);
        await WatchAsync(http, "timely", timely, served.AddMinutes(29));
        await Soon.HappensAsync("one of two slates counts as a success", async () =>
        {
            var metrics = await http.GetFromJsonAsync<JsonElement>("/metrics/online?channel=simulated&metric=success");
            var figures = metrics.GetProperty("figures").EnumerateArray().ToList();
            return figures.Count == 1 && figures[0].GetProperty("slates").GetInt64() == 2 && figures[0].GetProperty("convertedSlates").GetInt64() == 1;
        });
        (await http.GetFromJsonAsync<JsonElement>("/metrics/online?channel=live")).GetProperty("figures").GetArrayLength().ShouldBe(0);
    }

    private static async Task WatchAsync(HttpClient http, string user, JsonElement slate, DateTimeOffset? at)
    {
        var movie = slate.GetProperty("items")[0].GetProperty("movieId").GetString();
        using var answer = await http.PostAsJsonAsync("/watches", new { userId = user, movieId = movie, minute = 5, at });
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Ratings that came after those of the import.</summary>
    private static async Task<long> StreamedAsync(RecsProgram recs) => await recs.SqlAsync("select count(*) from recs.mt_events where type = 'movie_rated'") - (Rows / 2);
}

/// <summary>Slates of probes.</summary>
public class ProbeTests(PreparedService prepared) : IClassFixture<PreparedService>
{
    [Fact]
    public async Task Probes_are_kept_with_latency_and_status_under_their_channel_and_never_count_as_live()
    {
        var recs = prepared.Recs;
        var address = prepared.Closed.Http.BaseAddress!.ToString();
        var token = Path.Combine(recs.Home, "service.token");
        await File.WriteAllTextAsync(token, (await recs.MustAsync("token", "--role", "service")).Output);
        var before = await CountAsync("live");
        (await recs.MustAsync("probe", "--url", address, "--user", "7", "--interval", "0.1", "--count", "3", "--max-latency", "30000", "--token-file", token)).Output.ShouldContain("3 good");
        (await CountAsync("probe")).ShouldBe(3);
        (await CountAsync("live")).ShouldBe(before);
        (await recs.SqlAsync("select count(*) from recs.mt_events where type = 'recommendation_served' and data->>'Channel' = 'probe' and (data->>'LatencyMs')::double precision > 0")).ShouldBe(3);

        using var failing = new HttpRequestMessage(HttpMethod.Get, "/recommend/7?minSequence=999999999&wait=0") { Headers = { { "X-Recs-Channel", "probe" } } };
        failing.Headers.Authorization = new("Bearer", (await File.ReadAllTextAsync(token)).Trim());
        using (var answer = await prepared.Closed.Http.SendAsync(failing))
            ((int)answer.StatusCode).ShouldBe(503);
        (await recs.SqlAsync("select count(*) from recs.mt_events where type = 'recommendation_failed' and data->>'Channel' = 'probe' and data->>'Status' = '503'")).ShouldBe(1);
        var figures = await prepared.Demo.Http.GetFromJsonAsync<JsonElement>("/metrics/online?channel=live");
        figures.GetProperty("figures").EnumerateArray().ShouldAllBe(f => f.GetProperty("slates").GetInt64() == 0 || before > 0);

        var refused = await recs.RunAsync("probe", "--url", address, "--count", "1");
        (refused.ExitCode, refused.Output).ShouldSatisfyAllConditions(r => r.ExitCode.ShouldBe(1), r => r.Output.ShouldContain("status 403"));
    }

    private Task<long> CountAsync(string channel) => prepared.Recs.SqlAsync($"select count(*) from recs.mt_events where type = 'recommendation_served' and data->>'Channel' = '{channel}'");
}
