using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Recs.Benchmarks.Serving;
using Recs.Testing;

namespace Recs.Benchmarks.Streaming;

/// <summary>
/// <c>kafka.endToEnd</c>: from producing a rating to a slate of that person without the rated movie, while 1,000 ratings a second come in. Everything of the product takes
/// part: consumer, log, follower, scoring, recording. Slates are asked for every few milliseconds until the movie is gone.
/// </summary>
internal static class EndToEndBenchmark
{
    private const int PerSecond = 1000, Samples = 300;
    private static readonly TimeSpan BetweenSamples = TimeSpan.FromMilliseconds(50), BetweenAsks = TimeSpan.FromMilliseconds(4), WarmUp = TimeSpan.FromSeconds(8);

    public static async Task<BenchmarkRow> MeasureAsync(BenchmarkServer server, CancellationToken cancel)
    {
        await using var database = await server.DatabaseAsync(cancel);
        var home = Directory.CreateTempSubdirectory("recs-bench-home-").FullName;
        try
        {
            using var broker = new MockBroker().WithTopic(RateMessages.Topic, 4);
            var recs = new RecsProcess(home, database.ConnectionString);
            await recs.RunAsync(["import", "--data", server.Arguments.Data ?? SimulatedFolder.Write(home)], cancel);
            await recs.RunAsync(["train", "popularity"], cancel);
            await recs.RunAsync(["models", "promote", "popularity-v0.1", "--reason", "benchmark"], cancel);
            await using var service = await recs.ServeAsync(["--kafka", broker.Bootstrap], cancel);
            using var http = new HttpClient { BaseAddress = new Uri(service.Address), DefaultRequestHeaders = { Authorization = new("Bearer", service.Token) } };
            using var messages = new RateMessages(broker.Bootstrap);
            var milliseconds = await MeasureAsync(http, messages, cancel);
            return new("kafka.endToEnd", milliseconds[(int)(0.99 * (Samples - 1))], "ms", P50Ms: milliseconds[Samples / 2], P99Ms: milliseconds[(int)(0.99 * (Samples - 1))]);
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task<double[]> MeasureAsync(HttpClient http, RateMessages messages, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var movies = await SlateAsync(http, "somebody", cancel);
        var load = LoadAsync(messages, movies, stop.Token);
        await Task.Delay(WarmUp, cancel);
        var times = new ConcurrentBag<double>();
        using var pace = new PeriodicTimer(BetweenSamples);
        var samples = new List<Task>();
        for (var i = 0; i < Samples; i++)
        {
            await pace.WaitForNextTickAsync(cancel);
            var person = "sample-" + i;
            samples.Add(Task.Run(async () => times.Add(await OnceAsync(http, messages, person, cancel)), cancel));
        }
        await Task.WhenAll(samples);
        await stop.CancelAsync();
        await load;
        return [.. times.Order()];
    }

    private static async Task<double> OnceAsync(HttpClient http, RateMessages messages, string person, CancellationToken cancel)
    {
        var rated = (await SlateAsync(http, person, cancel))[0];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        using var pace = new PeriodicTimer(BetweenAsks);
        var start = Stopwatch.GetTimestamp();
        messages.Send(person, rated, 4, DateTimeOffset.UtcNow);
        do await pace.WaitForNextTickAsync(patience.Token);
        while ((await SlateAsync(http, person, patience.Token)).Contains(rated));
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static async Task LoadAsync(RateMessages messages, IReadOnlyList<string> movies, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        try
        {
            for (var sent = 0; ;)
            {
                await pace.WaitForNextTickAsync(stop);
                for (; sent < Stopwatch.GetElapsedTime(start).TotalSeconds * PerSecond; sent++)
                    messages.Send("load-" + sent % 5000, movies[sent % movies.Count], 1 + sent % 5, DateTimeOffset.UtcNow);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The samples are taken.
        }
    }

    private static async Task<IReadOnlyList<string>> SlateAsync(HttpClient http, string person, CancellationToken cancel)
    {
        using var slate = JsonDocument.Parse(await http.GetByteArrayAsync($"/recommend/{person}?k=20", cancel));
        return [.. slate.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("movieId").GetString()!)];
    }
}
