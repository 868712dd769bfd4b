using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance;

/// <summary>The write side of the real program.</summary>
public class CommandTests
{
    private const int Kills = 3, Callers = 4, LinesPerBatch = 200;

    private static HttpRequestMessage Batch(string key, string lines)
        => new(HttpMethod.Post, "/events") { Content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson"), Headers = { { "Idempotency-Key", key } } };

    [Fact]
    public async Task Batches_with_keys_that_are_sent_until_answered_are_stored_once_however_often_the_service_is_killed()
    {
        await using var recs = await RecsProgram.PreparedAsync("popularity");
        var before = await recs.SqlAsync("select count(*) from recs.mt_events where type = 'movie_watched'");
        ConcurrentDictionary<string, string> answered = new();
        var unanswered = new string?[Callers];
        for (var kill = 0; kill <= Kills; kill++)
        {
            await using var service = await recs.ServeAsync("--demo", "on");
            await CheckDocumentAsync(service.Http);
            using var stop = new CancellationTokenSource();
            var known = answered.Count;
            var traffic = Enumerable.Range(0, Callers).Select(caller => SendAsync(service.Http, caller, unanswered, answered, stop.Token)).ToArray();
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            while (answered.Count < known + 20 && !traffic.All(t => t.IsCompleted))
                await pause.WaitForNextTickAsync();
            if (kill == Kills)
                await stop.CancelAsync(); // the last round ends in peace: everything is answered
            else
                await service.KillAsync();
            await Task.WhenAll(traffic);
            answered.Count.ShouldBeGreaterThanOrEqualTo(known + 20);
        }
        unanswered.ShouldAllBe(key => key == null);
        (await recs.SqlAsync("select count(*) from recs.mt_events where type = 'movie_watched'")).ShouldBe(before + answered.Count * LinesPerBatch);
        foreach (var (key, answer) in answered)
        {
            var sequences = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("sequence").GetInt64()).ToArray();
            sequences.Length.ShouldBe(LinesPerBatch);
            (await recs.SqlAsync($"select count(*) from recs.mt_events where stream_id = 'user-{key}' and seq_id in ({string.Join(',', sequences)})")).ShouldBe(LinesPerBatch);
        }
        await recs.MustAsync("check");
    }

    private static async Task SendAsync(HttpClient http, int caller, string?[] unanswered, ConcurrentDictionary<string, string> answered, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var key = unanswered[caller] ??= $"batch-{Guid.NewGuid():N}";
                var lines = string.Join('\n', Enumerable.Range(0, LinesPerBatch).Select(minute => $$"""{"type":"watch","userId":"{{key}}","movieId":"1","minute":{{minute}}}"""));
                using var response = await http.SendAsync(Batch(key, lines), CancellationToken.None);
                var answer = await response.Content.ReadAsStringAsync(CancellationToken.None);
                response.StatusCode.ShouldBe(HttpStatusCode.MultiStatus, answer);
                answered[key] = answer;
                unanswered[caller] = null;
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            // the service was killed: the batch is sent again to the next one, with the same key
        }
    }

    /// <summary>Every command names all that it may answer and takes a key, and what is stored is counted by type.</summary>
    private static async Task CheckDocumentAsync(HttpClient http)
    {
        var paths = (await http.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");
        foreach (var (method, path, success) in new[]
        {
            ("post", "/ratings", "201"), ("post", "/watches", "201"), ("post", "/opens", "201"), ("post", "/events", "207"),
            ("put", "/users/{userId}", "200"), ("post", "/movies", "201"), ("put", "/movies", "200"),
        })
        {
            var operation = paths.GetProperty(path).GetProperty(method);
            operation.GetProperty("responses").EnumerateObject().Select(r => r.Name)
                .ShouldBeSubsetOf([success, "201", "400", "401", "403", "409", "413", "415", "422", "429", "503"]);
            operation.GetProperty("responses").EnumerateObject().Count().ShouldBeGreaterThanOrEqualTo(10, path);
            var key = operation.GetProperty("parameters").EnumerateArray().Single(p => p.GetProperty("name").GetString() == "Idempotency-Key");
            key.GetProperty("schema").GetProperty("maxLength").GetInt32().ShouldBe(200);
            operation.TryGetProperty("requestBody", out _).ShouldBeTrue(path);
        }
        (await http.PostAsync("/opens", new StringContent("""{"userId":"1","movieId":"1"}""", Encoding.UTF8, "application/json"))).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await http.GetStringAsync("/metrics")).ShouldContain("recs_events_appended_total{type=\"movie_opened\"} 1");
    }
}
