using System.Net;
using System.Text.Json;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance;

/// <summary>A service with a model in production, and one that is closed to callers without a token.</summary>
public sealed class MeasuredService : IAsyncLifetime
{
    public RecsProgram Recs { get; private set; } = null!;
    public RunningService Demo { get; private set; } = null!;
    public RunningService Closed { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Recs = await RecsProgram.PreparedAsync("popularity");
        await Recs.MustAsync("train", "knn-baseline");
        Demo = await Recs.ServeAsync("--demo", "on");
        Closed = await Recs.ServeAsync("--roles", "queries");
    }

    public async Task DisposeAsync()
    {
        await Demo.DisposeAsync();
        await Closed.DisposeAsync();
        await Recs.DisposeAsync();
    }
}

/// <summary>From a slate and a watch over HTTP to a rate, in real processes.</summary>
public class OnlineMetricsTests(MeasuredService service) : IClassFixture<MeasuredService>
{
    private HttpClient Http => service.Demo.Http;

    [Fact]
    public async Task A_watched_recommendation_shows_in_the_route_the_gauge_and_the_command_line_and_a_new_definition_counts_the_past()
    {
        var movie = await ServeAsync("measured", "probe");
        (await Http.PostAsJsonAsync("/watches", new { userId = "measured", movieId = movie, minute = 3 })).StatusCode.ShouldBe(HttpStatusCode.Created);
        var success = (await Soon.HappensAsync("the success", async () => await FigureAsync("success", "probe") is { } f && f.GetProperty("convertedSlates").GetInt64() > 0 ? f : (JsonElement?)null)).ShouldNotBeNull();
        success.GetProperty("modelVersion").GetString().ShouldBe("popularity-v0.1");
        success.GetProperty("value").GetDouble().ShouldBe(success.GetProperty("numerator").GetDouble() / success.GetProperty("denominator").GetInt64());
        success.GetProperty("low").GetDouble().ShouldBeLessThan(success.GetProperty("value").GetDouble());

        (await service.Recs.MustAsync("metrics", "define", "success", "--minimal-minutes", "2", "--window", "1h", "--reason", "one minute is an accident")).Output.ShouldContain("success is defined");
        await Soon.HappensAsync("the new definition", async () => await FigureAsync("success", "probe") is { } f && f.GetProperty("convertedSlates").GetInt64() == 0);
        (await service.Recs.MustAsync("metrics", "list")).Output.ShouldContain("one minute is an accident");
        (await service.Recs.MustAsync("metrics", "online", "--channel", "probe", "--metric", "watch-through", "--bucket", "day")).Output.ShouldContain("popularity-v0.1");
        await Soon.HappensAsync("nothing of it is broken", async () => (await service.Recs.RunAsync("check")).Output.Contains("held    read-model-equals-fold:OnlineMetrics", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_predicted_rating_is_served_replayed_and_judged_by_the_rating_that_follows()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/recommend/1?model=knn-baseline&k=3") { Headers = { { "X-Recs-Channel", "tester" } } };
        using var response = await Http.SendAsync(request);
        var slate = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        var best = slate.GetProperty("items")[0];
        var predicted = best.GetProperty("predictedRating").GetDouble();
        predicted.ShouldBeInRange(0.5, 5);
        using var replay = await Http.PostAsync($"/provenance/{slate.GetProperty("requestId").GetString()}/replay", null);
        (await replay.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("verdict").GetString().ShouldBe("Identical", StringCompareShould.IgnoreCase);

        (await Http.PostAsJsonAsync("/ratings", new { userId = "1", movieId = best.GetProperty("movieId").GetString(), rating = 1 })).StatusCode.ShouldBe(HttpStatusCode.Created);
        var error = (await Soon.HappensAsync("the error", () => FigureAsync("rating-error", "tester"))).ShouldNotBeNull();
        error.GetProperty("modelVersion").GetString().ShouldBe("knn-baseline-v0.1");
        error.GetProperty("value").GetDouble().ShouldBe(predicted - 1, 1e-3);
    }

    [Fact]
    public async Task The_gauge_shows_live_slates()
    {
        await ServeAsync("gauged", null);
        await Soon.HappensAsync("the gauge", async () => (await Http.GetStringAsync("/metrics")).Contains("recs_online_success_ratio{model=\"popularity\",variant=\"none\"} 0", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bucket=week", "bucket")]
    [InlineData("metric=applause", "metric")]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", "to")]
    [InlineData("canal=live", "canal")]
    [InlineData("channel=nonsense", "channel")]
    public async Task What_is_asked_wrongly_is_named(string query, string field)
    {
        using var response = await Http.GetAsync("/metrics/online?" + query);
        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task It_is_for_services_and_admins()
        => (await service.Closed.Http.GetAsync("/metrics/online")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);

    [Fact]
    public async Task A_definition_that_cannot_be_counted_is_bad_usage()
        => (await service.Recs.RunAsync("metrics", "define", "own", "--window", "8d")).ExitCode.ShouldBe(2);

    private async Task<string> ServeAsync(string user, string? channel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/recommend/{user}?k=3");
        if (channel is not null) request.Headers.Add("X-Recs-Channel", channel);
        using var response = await Http.SendAsync(request);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items")[0].GetProperty("movieId").GetString()!;
    }

    private async Task<JsonElement?> FigureAsync(string metric, string channel)
    {
        var report = await Http.GetFromJsonAsync<JsonElement>($"/metrics/online?metric={metric}&channel={channel}&from=2020-01-01T00:00:00%2B02:00");
        return report.GetProperty("figures").EnumerateArray().Select(f => (JsonElement?)f).FirstOrDefault();
    }
}
