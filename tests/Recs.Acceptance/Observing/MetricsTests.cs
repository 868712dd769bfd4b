using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance.Observing;

/// <summary>What <c>/metrics</c> shows after real traffic, judged by Prometheus' own programs.</summary>
[Collection(ObservedCollection.Name)]
public class MetricsTests(ObservedService observed)
{
    [Theory]
    [InlineData("recs_recommendations_total{status=\"200\",model=\"popularity\",variant=\"none\"}", 3)]
    [InlineData("recs_recommendations_total{status=\"400\",model=\"none\",variant=\"none\"}", 1)]
    [InlineData("recs_recommendation_seconds_count", 4)]
    [InlineData("recs_recommendation_seconds_bucket{le=\"+Inf\"}", 4)]
    [InlineData("recs_personalized_total{type=\"popularity\"}", 3)]
    [InlineData("recs_events_appended_total{type=\"movie_rated\"}", 2)]
    [InlineData("recs_events_appended_total{type=\"recommendation_served\"}", 3)]
    [InlineData("recs_append_seconds_count{outcome=\"stored\"}", 5)]
    [InlineData("recs_high_water_mark", 5)]
    public async Task Traffic_moves(string series, double atLeast)
    {
        var before = (await SamplesAsync()).GetValueOrDefault(series);
        await TrafficAsync();
        await Soon.HappensAsync(series, async () => (await SamplesAsync()).GetValueOrDefault(series) >= before + atLeast);
    }

    [Fact]
    public async Task Rows_that_imports_reject_are_counted_by_reason()
    {
        var file = Path.Combine(observed.Recs.Home, "bad.csv");
        await File.WriteAllLinesAsync(file, ["user_id,movie_id,rating,timestamp", "somebody,1,4,1700000000", "somebody,2,seventeen,1700000000"]);
        await observed.Recs.MustAsync("import", "--data", file, "--user-prefix", "rejected-");
        await Soon.HappensAsync("the count", async () => (await SamplesAsync()).Any(s => s.Key.StartsWith("recs_ingest_rejected_total{reason=") && s.Value == 1));
    }

    [Fact]
    public async Task Trainings_are_timed()
    {
        (await observed.Http.PostAsJsonAsync("/training", new { model = "popularity", reason = "test" })).IsSuccessStatusCode.ShouldBeTrue();
        await Soon.HappensAsync("the fit", async () => (await SamplesAsync()).GetValueOrDefault("recs_training_seconds_count{model=\"popularity\"}") >= 1);
    }

    [Fact]
    public async Task What_stands_still_is_shown_too()
    {
        await TrafficAsync();
        var samples = await Soon.HappensAsync("the projections caught up", async () => await SamplesAsync() is var all && all["recs_projection_lag_events{projection=\"UserHistory\"}"] == 0 ? all : null);
        samples["recs_append_queue_depth"].ShouldBe(0);
        samples["recs_projection_lag_seconds{projection=\"UserHistory\"}"].ShouldBe(0);
        samples["recs_model_info{model=\"popularity\",version=\"popularity-v0.1\"}"].ShouldBe(1);
        samples["recs_role_info{role=\"queries\"}"].ShouldBe(1);
        samples.Keys.ShouldContain(name => name.StartsWith("recs_build_info{version="));
        samples["process_cpu_seconds_total"].ShouldBeGreaterThan(0);
        samples["dotnet_gc_heap_bytes"].ShouldBeGreaterThan(0);
        samples.Keys.Any(name => name.Contains("userId") || name.Contains("movieId")).ShouldBeFalse("series for each person or movie would be without bound");
    }

    [Fact]
    public async Task Promtool_finds_nothing_wrong()
    {
        await TrafficAsync();
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"]) { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true })!;
        await promtool.StandardInput.WriteAsync(await observed.Http.GetStringAsync("/metrics"));
        promtool.StandardInput.Close();
        var said = await promtool.StandardOutput.ReadToEndAsync() + await promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();
        said.ShouldBeEmpty();
        promtool.ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Prometheus_scrapes_and_answers_a_query()
    {
        await TrafficAsync();
        var folder = Directory.CreateTempSubdirectory("recs-prometheus-").FullName;
        var config = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, $$"""
            scrape_configs:
              - job_name: recs
                scrape_interval: 1s
                scrape_timeout: 1s
                static_configs: [{ targets: ["{{observed.Http.BaseAddress!.Authority}}"] }]
            """);
        var address = $"127.0.0.1:{FreePort()}";
        using var prometheus = Process.Start("prometheus", ["--config.file=" + config, "--storage.tsdb.path=" + Path.Combine(folder, "data"), "--web.listen-address=" + address, "--log.level=error"]);
        try
        {
            using var http = new HttpClient { BaseAddress = new($"http://{address}") };
            await Soon.HappensAsync("a scrape", async () => await AskAsync(http, "sum(recs_recommendations_total{status=\"200\",job=\"recs\"})") >= 3);
            (await AskAsync(http, "histogram_quantile(0.99, sum(recs_recommendation_seconds_bucket) by (le))")).ShouldNotBeNull().ShouldBeGreaterThan(0);
            (await AskAsync(http, "count({__name__=~\"recs_.*\"})")).ShouldNotBeNull().ShouldBeLessThan(1000);
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task TrafficAsync()
    {
        for (var i = 0; i < 3; i++)
            (await observed.Http.GetAsync($"/recommend/{i + 1}?k=3")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await observed.Http.GetAsync("/recommend/1?k=0")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        for (var i = 0; i < 2; i++)
            (await observed.Http.PostAsJsonAsync("/ratings", new { userId = "metrics", movieId = "1", rating = 3 })).StatusCode.ShouldBe(HttpStatusCode.Created);
    }

    private async Task<Dictionary<string, double>> SamplesAsync()
        => (await observed.Http.GetStringAsync("/metrics")).Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.LastIndexOf(' ') is var at ? (line[..at], line[(at + 1)..]) : default)
            .ToDictionary(sample => sample.Item1, sample => double.Parse(sample.Item2, CultureInfo.InvariantCulture));

    private static async Task<double?> AskAsync(HttpClient prometheus, string query)
    {
        try
        {
            var answer = await prometheus.GetFromJsonAsync<JsonElement>("/api/v1/query?query=" + Uri.EscapeDataString(query));
            return answer.GetProperty("data").GetProperty("result").EnumerateArray().Select(r => (double?)double.Parse(r.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)).FirstOrDefault();
        }
        catch (HttpRequestException)
        {
            return null; // it is still starting
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
