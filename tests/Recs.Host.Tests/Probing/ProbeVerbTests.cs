using System.Text.Json;
using Recs.Host.Tests.Simulating;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Probing;

/// <summary>The verb against a stand-in that answers well, or nonsense of one kind.</summary>
public sealed class ProbeVerbTests
{
    private static object Item(int place, string? id = null, string? title = null, double? score = null)
        => new { movieId = id ?? $"m{place}", title = title ?? $"Film {place}", year = 1999, genres = new[] { "Drama" }, score = score ?? 1.0 / place, reasons = Array.Empty<object>() };

    private static Task<StandIn> StartAsync(string fault) => StandIn.StartAsync(app =>
    {
        app.MapGet("/movies/{id}", (string id) => fault == "unknown" && id == "m7" ? Results.NotFound() : Results.Ok());
        app.MapGet("/recommend/{user}", (HttpContext http, string user) =>
        {
            if (fault == "status") return Results.Problem("The log is still being read.", statusCode: 503);
            if (fault == "text") return Results.Text("<html>It works!</html>");
            if (fault == "null") return Results.Text("null", "application/json");
            var headers = http.Response.Headers;
            (headers["X-Recs-Request-Id"], headers["X-Recs-Model-Version"], headers["X-Recs-Data-Snapshot"], headers["X-Recs-Code-Revision"]) = ("r1", fault == "header" ? "another" : "v1", "s1", "c1");
            if (fault != "missing") headers["X-Recs-Experiment"] = "none";
            headers["X-Recs-Channel"] = fault == "live" ? "live" : http.Request.Headers["X-Recs-Channel"];
            var items = Enumerable.Range(1, fault == "few" ? 19 : 20).Select(place => (fault, place) switch
            {
                ("twice", 9) => Item(9, id: "m8"),
                ("order", 9) => Item(9, score: 5),
                ("nan", 20) => Item(20, score: 1e39), // infinite as a score
                ("nameless", 9) => Item(9, title: " "),
                ("strange", 9) => Item(9, id: "no id"),
                _ => Item(place),
            });
            return Results.Json(new { requestId = "r1", userId = fault == "user" ? "another" : user, items, model = "m", modelVersion = "v1", assignments = Array.Empty<string>(), personalized = true, servedAt = DateTimeOffset.UnixEpoch });
        });
    });

    private static Task<Invocation> ProbeAsync(StandIn service, params string[] more) => Invocation.OfAsync(["probe", "--url", service.Url, "--interval", "0.1", "--count", "2", "--max-latency", "20000", .. more]);

    [Fact]
    public async Task good_answers_end_with_exit_code_0_and_figures()
    {
        await using var service = await StartAsync("");
        var run = await ProbeAsync(service, "--user", "42", "--json", "-");
        run.ExitCode.ShouldBe(0, run.Error);
        var report = JsonDocument.Parse(run.Output).RootElement;
        (report.GetProperty("probes").GetInt32(), report.GetProperty("good").GetInt32(), report.GetProperty("availability").GetDouble()).ShouldBe((2, 2, 1.0));
        report.GetProperty("p50Ms").GetDouble().ShouldBeGreaterThan(0);
        report.GetProperty("p99Ms").GetDouble().ShouldBeGreaterThanOrEqualTo(report.GetProperty("p50Ms").GetDouble());
        report.GetProperty("failed").GetArrayLength().ShouldBe(0);
    }

    [Theory]
    [InlineData("status", "status 503, expected 200: The log is still being read.")]
    [InlineData("text", "the body is no slate")]
    [InlineData("null", "the body is no slate")]
    [InlineData("few", "19 movies, expected 20")]
    [InlineData("twice", "movie 'm8' stands in it 2 times")]
    [InlineData("order", "place 9 has the score 5")]
    [InlineData("nan", "place 20")]
    [InlineData("nameless", "movie 'm9' has no title")]
    [InlineData("strange", "'no id' is no movie id")]
    [InlineData("user", "for user 'another'")]
    [InlineData("header", "header X-Recs-Model-Version is 'another'")]
    [InlineData("missing", "header X-Recs-Experiment is missing")]
    [InlineData("live", "counts the slate as a live one")]
    [InlineData("unknown", "movie 'm7' of the slate is not in the catalogue")]
    public async Task what_is_wrong_is_said_and_ends_with_exit_code_1(string fault, string said)
    {
        await using var service = await StartAsync(fault);
        var run = await ProbeAsync(service);
        run.ExitCode.ShouldBe(1, run.Error);
        run.Output.ShouldContain(said);
        run.Output.ShouldContain("availability 0.00 %");
    }

    [Fact]
    public async Task a_good_answer_that_comes_late_is_a_bad_one()
    {
        await using var service = await StartAsync("");
        (await Invocation.OfAsync("probe", "--url", service.Url, "--count", "1", "--max-latency", "0.001")).Output.ShouldContain("more than 0 ms");
    }

    [Fact]
    public async Task nobody_there_is_exit_code_3_and_counts_in_the_word_of_its_line()
    {
        var run = await Invocation.OfAsync("probe", "--url", "http://127.0.0.1:1", "--count", "1");
        run.ExitCode.ShouldBe(3);
        run.Output.ShouldContain("  NO ANSWER  ");
        run.Output.ShouldContain("1 probe of http://127.0.0.1:1/: 0 good, 0 bad, 1 no answer; availability 0.00 %");
    }

    [Theory]
    [InlineData("--interval", "0")]
    [InlineData("--count", "0")]
    [InlineData("--user", "no id")]
    [InlineData("--max-latency", "0")]
    public async Task a_wrong_option_is_named(string option, string value)
    {
        var run = await Invocation.OfAsync("probe", option, value);
        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(option);
    }
}
