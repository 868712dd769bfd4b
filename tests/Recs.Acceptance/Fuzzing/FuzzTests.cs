using System.Collections.Concurrent;
using System.Net;
using Recs.Acceptance.Running;
using Shouldly;
using Xunit;

namespace Recs.Acceptance.Fuzzing;

/// <summary>Ten thousand requests made from the service's own description: none may be answered by 5xx, and every route shows what it does with good and with bad ones.</summary>
public sealed class FuzzTests : IAsyncLifetime
{
    private const int Requests = 10_000, AtOnce = 8, Seed = 20260101;
    private RecsProgram _recs = null!;
    private RunningService _service = null!;

    public async Task InitializeAsync()
    {
        _recs = await RecsProgram.PreparedAsync();
        _service = await _recs.ServeAsync("--limit-anonymous", "0", "--limit-recommend", "0", "--limit-user", "0", "--limit-probes", "0");
    }

    [Fact]
    public async Task Ten_thousand_generated_requests_get_no_5xx_and_every_route_answers_well_and_refuses()
    {
        var api = new ApiDescription(await _service.Http.GetStringAsync("/openapi/v1.json"));
        var random = new Random(Seed);
        var known = new KnownValues()
            .Add("userId", "1", "2", "3", "newcomer").Add("movieId", "1", "2", "3", "17").Add("model", "popularity", "linear-autoregression")
            .Add("version", "popularity-v0.1", "linear-autoregression-v0.1").Add("k", "5", "20").Add("genre", "Drama", "comedy").Add("at", "2001-02-03T04:05:06Z")
            .Add("minSequence", "0", "1", "100").Add("wait", "0").Add("type", "rating", "watch", "open").Add("reason", "because").Add("asOf", "5000", "12500")
            .Add("happenedBefore", "2001-02-03T04:05:06Z").Add("metric", "success", "watch-through").Add("channel", "live").Add("bucket", "day").Add("X-Recs-Channel", "probe", "live").Add("expectedVersion", "3").Add("window", "1d", "7d", "30d", "all").Add("q", "the", "matirx")
            .Add("topic", "watch", "user_interactions").Add("format", "json", "avro");
        var generator = new RequestGenerator(random, api, known, [null, "nonsense", await TokenAsync("--user", "1"), await TokenAsync("--role", "service"), await TokenAsync("--role", "admin")]);
        var seen = new ConcurrentDictionary<(string Route, int Class), int>();
        var broken = new ConcurrentQueue<string>();
        for (var sent = 0; sent < Requests;)
        {
            var batch = Enumerable.Range(sent, Math.Min(100, Requests - sent)).Select(i => generator.Next(api.Operations[i % api.Operations.Count])).ToList();
            sent += batch.Count;
            await Parallel.ForEachAsync(batch, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (request, cancel) =>
            {
                var (status, answer) = await SendAsync(request, cancel);
                seen.AddOrUpdate((request.Operation.ToString(), (int)status / 100), 1, (_, n) => n + 1);
                if ((int)status >= 500)
                    broken.Enqueue($"{(int)status} {request}: {answer}");
                if ((int)status < 300)
                    lock (known)
                        known.Learn(answer);
            });
        }
        broken.ShouldBeEmpty();
        var routes = api.Operations.Select(o => o.ToString()).ToList();
        routes.Where(route => !seen.ContainsKey((route, 2))).ShouldBeEmpty("no good answer");
        routes.Where(route => !seen.ContainsKey((route, 4))).ShouldBeEmpty("no refusal");
    }

    private async Task<string> TokenAsync(params string[] arguments) => (await _recs.MustAsync(["token", .. arguments])).Output.Trim();

    private async Task<(HttpStatusCode Status, string Answer)> SendAsync(GeneratedRequest request, CancellationToken cancel)
    {
        using var message = request.ToMessage();
        using var response = await _service.Http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancel);
        var endless = response.Content.Headers.ContentType?.MediaType == "text/event-stream";
        return (response.StatusCode, endless ? "" : await response.Content.ReadAsStringAsync(cancel));
    }

    public async Task DisposeAsync()
    {
        await _service.DisposeAsync();
        await _recs.DisposeAsync();
    }
}
