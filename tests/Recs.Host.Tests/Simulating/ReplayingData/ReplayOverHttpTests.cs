using System.Collections.Concurrent;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Simulating.ReplayingData;

/// <summary>The verb against a stand-in service that notes what it is sent.</summary>
public sealed class ReplayOverHttpTests : IDisposable
{
    private const int Rows = 400, Speed = 1000;
    private readonly string folder = Directory.CreateTempSubdirectory("recs-replay-").FullName;
    private readonly ConcurrentQueue<(string Key, string Body, DateTimeOffset At)> batches = new();
    private readonly ConcurrentQueue<(string Person, string Channel, DateTimeOffset At)> asked = new();
    private readonly long begun = TimeProvider.System.GetTimestamp();

    public ReplayOverHttpTests() => Interactions.Write(Data, Rows, seconds: 2000);

    private string Data => Path.Combine(folder, "ratings.csv");

    private DateTimeOffset Now => Interactions.Begins.AddSeconds(900) + (TimeProvider.System.GetElapsedTime(begun) * Speed);

    public void Dispose() => Directory.Delete(folder, recursive: true);

    /// <summary>A service on a simulated clock; <paramref name="fail"/> may answer a batch in its stead.</summary>
    private Task<StandIn> StartAsync(Func<int, IResult?>? fail = null) => StandIn.StartAsync(app =>
    {
        app.MapGet("/readyz", () => new { status = "ready", clock = new { simulated = true, now = Now, speed = Speed } });
        app.MapGet("/recommend/{user}", (HttpContext http, string user) => asked.Enqueue((user, http.Request.Headers["X-Recs-Channel"].ToString(), Now)));
        app.MapPost("/events", async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var body = await reader.ReadToEndAsync();
            batches.Enqueue((http.Request.Headers["Idempotency-Key"].ToString(), body, Now));
            var lines = body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
            return fail?.Invoke(batches.Count) ?? Results.Text(string.Concat(Enumerable.Range(1, lines).Select(line => line == 2
                ? $$$"""{"line":{{{line}}},"status":422,"error":"The command is not valid.","errors":{"movieId":["No such movie."]}}""" + "\n"
                : $$"""{"line":{{line}},"status":201,"sequence":{{line}},"version":1}""" + "\n")), "application/x-ndjson", statusCode: 207);
        });
    });

    private Task<Invocation> ReplayAsync(StandIn service, params string[] more) => Invocation.OfAsync(["simulate", "--replay", Data, "--from", "0.5", "--url", service.Url, .. more]);

    [Fact]
    public async Task everything_is_sent_once_in_order_at_the_pace_of_the_services_clock()
    {
        await using var service = await StartAsync();
        var run = await ReplayAsync(service, "--json", "-");
        run.ExitCode.ShouldBe(0, run.Error);
        var lines = batches.SelectMany(batch => batch.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)).ToList();
        lines.Count.ShouldBe(Rows / 2);
        lines.Distinct().Count().ShouldBe(Rows / 2);
        var times = lines.ConvertAll(line => System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("at").GetDateTimeOffset());
        times.ShouldBe(times.Order());
        foreach (var batch in batches)
            System.Text.Json.JsonDocument.Parse(batch.Body.TrimEnd('\n').Split('\n')[^1]).RootElement.GetProperty("at").GetDateTimeOffset().ShouldBeLessThanOrEqualTo(batch.At, "nothing is sent before it has happened");
        asked.ShouldAllBe(a => a.Channel == "simulated");
        var first = System.Text.Json.JsonDocument.Parse(lines[0]).RootElement;
        asked.First(a => a.Person == first.GetProperty("userId").GetString()).At.ShouldBeLessThanOrEqualTo(batches.First().At);

        var report = System.Text.Json.JsonDocument.Parse(run.Output).RootElement;
        var refused = batches.Count(batch => batch.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length > 1);
        (report.GetProperty("facts").GetInt64(), report.GetProperty("refused").GetInt64(), report.GetProperty("stored").GetInt64()).ShouldBe((Rows / 2, refused, (Rows / 2) - refused));
        report.GetProperty("reasons").GetProperty("422 movieId: No such movie.").GetInt64().ShouldBe(refused);
        report.GetProperty("slates").GetInt64().ShouldBe(asked.Count);
        report.GetProperty("complete").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task a_batch_whose_answer_is_lost_is_sent_again_under_its_key()
    {
        await using var service = await StartAsync(count => count == 3 ? Results.StatusCode(503) : null);
        (await ReplayAsync(service, "--ask", "0")).ExitCode.ShouldBe(0);
        asked.ShouldBeEmpty();
        var sent = batches.ToArray();
        (sent[3].Key, sent[3].Body).ShouldBe((sent[2].Key, sent[2].Body));
        sent.Select(batch => batch.Key).Distinct().Count().ShouldBe(sent.Length - 1);
    }

    [Fact]
    public async Task a_run_that_broke_off_goes_on_where_it_was()
    {
        var state = Path.Combine(folder, "state");
        await using (var service = await StartAsync(count => count > 5 ? Results.BadRequest("enough") : null))
            (await ReplayAsync(service, "--resume", state)).ExitCode.ShouldBe(1);
        var (cut, askedBefore) = (batches.ToArray(), asked.Count);
        batches.Clear();
        await using var next = await StartAsync();
        var run = await ReplayAsync(next, "--resume", state, "--json", "-");
        run.ExitCode.ShouldBe(0, run.Error);
        batches.First().Key.ShouldBe(cut[^1].Key, "the batch that was not answered comes again, and under the same key");
        batches.Select(batch => batch.Key).Intersect(cut[..^1].Select(batch => batch.Key)).ShouldBeEmpty();
        var report = System.Text.Json.JsonDocument.Parse(run.Output).RootElement;
        (report.GetProperty("stored").GetInt64() + report.GetProperty("refused").GetInt64()).ShouldBe(Rows / 2, "the report is about all runs");
        report.GetProperty("slates").GetInt64().ShouldBe(asked.Count);
        asked.Count.ShouldBeGreaterThan(askedBefore);
    }

    [Fact]
    public async Task a_caller_without_the_right_is_told_how_to_get_it()
    {
        await using var service = await StartAsync(_ => Results.Unauthorized());
        var run = await ReplayAsync(service, "--ask", "0");
        (run.ExitCode, run.Error).ShouldSatisfyAllConditions(r => r.ExitCode.ShouldBe(2), r => r.Error.ShouldContain("recs token --role service"));
    }

    [Theory]
    [InlineData("--from 1", "--from")]
    [InlineData("--speed 0", "--speed")]
    [InlineData("--ask 2", "--ask")]
    [InlineData("--token-file no-such-file", "--token-file")]
    [InlineData("--url ftp://somewhere", "--url")]
    public async Task a_wrong_option_is_named(string option, string named)
    {
        var run = await Invocation.OfAsync(["simulate", "--replay", Data, .. option.Split(' ')]);
        run.ExitCode.ShouldBe(2, run.Error);
        run.Error.ShouldContain(named);
    }

    [Fact]
    public async Task a_service_that_is_not_there_is_exit_code_3() => (await Invocation.OfAsync("simulate", "--replay", Data, "--url", "http://127.0.0.1:1")).ExitCode.ShouldBe(3);
}
