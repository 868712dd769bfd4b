using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Npgsql;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance;

/// <summary>A service that answers and decides, but does not train; nothing is recorded, so that its slates can be compared.</summary>
public sealed class ServiceWithoutTraining : IAsyncLifetime
{
    public RecsProgram Recs { get; private set; } = null!;
    public RunningService Service { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Recs = await RecsProgram.PreparedAsync();
        Service = await Recs.ServeAsync("--demo", "on", "--roles", "commands,queries", "--record", "off");
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await Recs.DisposeAsync();
    }
}

/// <summary>Models and trainings over HTTP, with the training role in processes of its own.</summary>
public class ModelTests(ServiceWithoutTraining running) : IClassFixture<ServiceWithoutTraining>
{
    private HttpClient Http => running.Service.Http;

    private Task<RunningService> WorkerAsync() => running.Recs.ServeAsync("--roles", "training");

    [Fact]
    public async Task A_training_asked_of_one_process_is_carried_out_by_another_and_followed_to_its_end()
    {
        var asked = await SendAsync("/training", """{"model":"popularity","reason":"a test","seed":7}""", HttpStatusCode.Accepted);
        var id = asked.GetProperty("trainingId").GetString();
        using var stream = await Http.GetAsync($"/training/{id}/progress", HttpCompletionOption.ResponseHeadersRead);
        stream.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
        (await lines.ReadLineAsync()).ShouldBe("event: progress");
        Data(await lines.ReadLineAsync()).GetProperty("state").GetString().ShouldBe("requested", "nobody trains yet");
        await using var worker = await WorkerAsync();
        var end = await EndAsync(lines);
        end.GetProperty("state").GetString().ShouldBe("trained");
        var version = end.GetProperty("version").GetString();
        (await EndAsync(id!)).GetProperty("version").GetString().ShouldBe(version, "who comes late gets the end at once");
        var manifest = (await GetAsync($"/models/{version}")).GetProperty("trained");
        (manifest.GetProperty("trainingId").GetString(), manifest.GetProperty("seed").GetInt32()).ShouldBe((id, 7));

        var job = await SendAsync($"/models/{version}/reproduce", "", HttpStatusCode.Accepted);
        (await EndAsync(job.GetProperty("trainingId").GetString()!)).GetProperty("state").GetString().ShouldBe("identical");
    }

    [Fact]
    public async Task A_worker_that_is_killed_in_the_middle_is_replaced_and_two_that_race_leave_one_outcome()
    {
        var id = (await SendAsync("/training", """{"model":"linear-autoregression","reason":"a test"}""", HttpStatusCode.Accepted)).GetProperty("trainingId").GetString()!;
        await using var connection = await running.Recs.Database.Source.OpenConnectionAsync();
        await using (var appendsWait = await connection.BeginTransactionAsync())
        {
            await using (var hold = new NpgsqlCommand("lock table recs.mt_events in share mode", connection, appendsWait))
                await hold.ExecuteNonQueryAsync(); // a worker can read, but not finish: it is killed in the middle
            await using var doomed = await WorkerAsync();
            await Until(async () => (await GetAsync($"/training/{id}")).GetProperty("state").GetString() == "running");
            await doomed.KillAsync();
            (await GetAsync($"/training/{id}")).GetProperty("ended").GetBoolean().ShouldBeFalse();
            await appendsWait.CommitAsync();
        }
        await using var one = await WorkerAsync();
        await using var other = await WorkerAsync();
        var end = await EndAsync(id);
        end.GetProperty("state").GetString().ShouldBe("trained");
        (await running.Recs.SqlAsync($"select count(*) from recs.mt_events where type in ('model_trained', 'training_failed', 'training_cancelled') and data->>'TrainingId' = '{id}'")).ShouldBe(1);
        await running.Recs.MustAsync("reproduce", end.GetProperty("version").GetString()!);
    }

    [Fact]
    public async Task A_training_is_called_off_before_it_begins_and_only_once()
    {
        var id = (await SendAsync("/training", """{"model":"popularity","reason":"a test","options":{}}""", HttpStatusCode.Accepted)).GetProperty("trainingId").GetString();
        var cancelled = await SendAsync($"/training/{id}/cancel", """{"reason":"not now"}""", HttpStatusCode.OK);
        (cancelled.GetProperty("state").GetString(), cancelled.GetProperty("detail").GetString()).ShouldBe(("cancelled", "by demo: not now"));
        (await SendAsync($"/training/{id}/cancel", "", HttpStatusCode.OK)).GetProperty("detail").GetString().ShouldBe("by demo: not now", "the first stands");
        (await running.Recs.RunAsync("train", "cancel", id!)).ExitCode.ShouldBe(0);
        (await EndAsync(id!)).GetProperty("state").GetString().ShouldBe("cancelled");
    }

    [Fact]
    public async Task Promotions_back_and_forth_under_load_fail_no_request_and_mix_no_answer()
    {
        string[] models = ["linear-autoregression-v0.1", "popularity-v0.1"];
        var expected = new Dictionary<string, string>();
        foreach (var model in models)
            for (var user = 1; user <= 8; user++)
                expected[$"{model} {user}"] = Items(await GetAsync($"/recommend/{user}?k=10&model={model}"));
        ConcurrentBag<string> wrong = [];
        ConcurrentDictionary<string, int> answered = new();
        using var stop = new CancellationTokenSource();
        var traffic = Enumerable.Range(1, 8).Select(user => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var response = await Http.GetAsync($"/recommend/{user}?k=10");
                var body = await response.Content.ReadFromJsonAsync<JsonElement>();
                var header = response.Headers.TryGetValues("X-Recs-Model-Version", out var values) ? values.Single() : "none";
                answered.AddOrUpdate(header, 1, (_, n) => n + 1);
                if (!response.IsSuccessStatusCode || body.GetProperty("modelVersion").GetString() != header || !header.StartsWith(body.GetProperty("model").GetString()!, StringComparison.Ordinal)
                    || Items(body) != expected.GetValueOrDefault($"{header} {user}"))
                    wrong.Add($"{response.StatusCode} {header} {body}");
            }
        })).ToList();
        for (var swap = 0; swap < 12; swap++)
        {
            var promoted = await SendAsync($"/models/{models[(swap + 1) % 2]}/promote", """{"reason":"back and forth"}""", HttpStatusCode.OK);
            var next = await GetAsync($"/recommend/1?k=10&minSequence={promoted.GetProperty("sequence").GetInt64()}");
            next.GetProperty("modelVersion").GetString().ShouldBe(models[(swap + 1) % 2], "who waits for the decision is answered by it");
        }
        await stop.CancelAsync();
        await Task.WhenAll(traffic);
        wrong.ShouldBeEmpty();
        answered.Keys.ShouldBe(models, ignoreOrder: true);
        var metrics = await Http.GetStringAsync("/metrics");
        metrics.ShouldContain("recs_model_info{model=\"linear-autoregression\",version=\"linear-autoregression-v0.1\"} 1");
        metrics.ShouldNotContain("version=\"popularity-v0.1\"} 1", customMessage: "one version answers");
    }

    [Fact]
    public async Task Production_is_decided_under_every_name_rolled_back_and_remembered()
    {
        var start = await PromoteAsync("/models/linear-autoregression-v0.1/promote", """{"reason":"a test begins"}""");
        await PromoteAsync("/models/popularity-v0.1/activate", "");
        await PromoteAsync("/model/update", """{"version":"linear-autoregression-v0.1","reason":"by update"}""");
        (await GetAsync("/switch?model=popularity-v0.1")).GetProperty("previous").GetString().ShouldBe("linear-autoregression-v0.1");
        (await SendAsync("/models/rollback", """{"reason":"worse"}""", HttpStatusCode.OK)).GetProperty("version").GetString().ShouldBe("linear-autoregression-v0.1");

        var history = await GetAsync("/models/history");
        history.GetProperty("inProduction").GetProperty("reason").GetString().ShouldBe("worse");
        history.GetProperty("changes").EnumerateArray().Take(5).Select(c => $"{c.GetProperty("kind").GetString()} {c.GetProperty("version").GetString()}").ShouldBe(
            ["rolled_back linear-autoregression-v0.1", "promoted popularity-v0.1", "promoted linear-autoregression-v0.1", "promoted popularity-v0.1", "promoted linear-autoregression-v0.1"]);
        var then = await GetAsync($"/models/history?at={start}");
        then.GetProperty("inProduction").GetProperty("reason").GetString().ShouldBe("a test begins");
        (await GetAsync("/models/history?at=2000-01-01T00:00:00Z")).GetProperty("inProduction").ValueKind.ShouldBe(JsonValueKind.Null);
        (await running.Recs.MustAsync("models", "history", "--at", $"{start}")).Output.ShouldContain("a test begins");
        (await GetAsync("/models")).GetProperty("inProduction").GetString().ShouldBe("linear-autoregression-v0.1");
        (await GetAsync("/leaderboard")).GetProperty("metric").GetString().ShouldBe("ndcg@10");
    }

    [Theory]
    [InlineData("POST", "/training", """{"model":"no-such-model","reason":"r"}""", 422, "model")]
    [InlineData("POST", "/training", """{"reason":"r"}""", 422, "model")]
    [InlineData("POST", "/training", """{"model":"popularity"}""", 422, "reason")]
    [InlineData("POST", "/training", """{"model":"popularity","reason":"r","options":{"depth":3}}""", 422, "depth")]
    [InlineData("POST", "/training", """{"model":"linear-autoregression","reason":"r","options":{"tau":"high"}}""", 422, "tau")]
    [InlineData("POST", "/training", """{"model":"popularity","reason":"r","snapshot":"none"}""", 422, "snapshot")]
    [InlineData("POST", "/training", """{"model":"popularity","reason":"r","seed":-1}""", 422, "seed")]
    [InlineData("POST", "/training", """{"model":"popularity","reason":"r","sed":1}""", 422, "sed")]
    [InlineData("POST", "/training", "[", 400, "JSON")]
    [InlineData("GET", "/training/none", "", 404, "none")]
    [InlineData("GET", "/training/none/progress", "", 404, "none")]
    [InlineData("POST", "/training/none/cancel", "", 404, "none")]
    [InlineData("GET", "/models/popularity-v0.99", "", 404, "popularity-v0.99")]
    [InlineData("GET", "/models/v0.1", "", 409, "popularity-v0.1")]
    [InlineData("GET", "/models/history?at=yesterday", "", 400, "at")]
    [InlineData("POST", "/models/popularity-v0.99/promote", """{"reason":"r"}""", 404, "popularity-v0.99")]
    [InlineData("POST", "/models/popularity-v0.1/promote", """{"reason":" "}""", 422, "reason")]
    [InlineData("POST", "/models/rollback", "{}", 422, "reason")]
    [InlineData("POST", "/models/nonsense/reproduce", "", 404, "nonsense")]
    [InlineData("POST", "/model/update", "{}", 422, "version")]
    [InlineData("GET", "/switch", "", 422, "model")]
    public async Task What_cannot_be_done_is_said_and_stores_nothing(string method, string path, string body, int status, string named)
    {
        const string stored = "select count(*) from recs.mt_events where stream_id like 'model-%'";
        var before = await running.Recs.SqlAsync(stored);
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = body.Length == 0 ? null : Json(body) };
        using var response = await Http.SendAsync(request);
        ((int)response.StatusCode).ShouldBe(status, await response.Content.ReadAsStringAsync());
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        (await response.Content.ReadAsStringAsync()).ShouldContain(named);
        (await running.Recs.SqlAsync(stored)).ShouldBe(before);
    }

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private static JsonElement Data(string? line) => JsonDocument.Parse(line.ShouldNotBeNull()["data: ".Length..]).RootElement;

    private static string Items(JsonElement slate) => string.Join(',', slate.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("movieId").GetString()));

    private async Task<long> PromoteAsync(string path, string body) => (await SendAsync(path, body, HttpStatusCode.OK)).GetProperty("sequence").GetInt64();

    private async Task<JsonElement> GetAsync(string path)
    {
        using var response = await Http.GetAsync(path);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<JsonElement> SendAsync(string path, string body, HttpStatusCode expected)
    {
        using var response = await Http.PostAsync(path, body.Length == 0 ? null : Json(body));
        response.StatusCode.ShouldBe(expected, await response.Content.ReadAsStringAsync());
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>Follows a job to its end.</summary>
    private async Task<JsonElement> EndAsync(string id)
    {
        using var stream = await Http.GetAsync($"/training/{id}/progress", HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
        return await EndAsync(lines);
    }

    private static async Task<JsonElement> EndAsync(StreamReader lines)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (await lines.ReadLineAsync(patience.Token) is { } line)
            if (line == "event: end")
                return Data(await lines.ReadLineAsync(patience.Token));
        throw new InvalidOperationException("The stream closed without an end.");
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
            await pause.WaitForNextTickAsync(patience.Token);
    }
}
