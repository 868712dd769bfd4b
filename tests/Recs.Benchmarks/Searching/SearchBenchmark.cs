using System.Diagnostics;
using Recs.Benchmarks.Serving;
using Recs.EventStore;

namespace Recs.Benchmarks.Searching;

/// <summary>
/// <c>GET /movies</c> over 60,000 movies, one caller, every kind of query that people type. The service, the database and the caller are processes of their own on one
/// machine; the baseline is a look-up of one movie by its id on the same service.
/// </summary>
internal static class SearchBenchmark
{
    public static async Task<IReadOnlyList<BenchmarkRow>> RunAsync(BenchmarkServer server, CancellationToken cancel)
    {
        await using var database = await server.DatabaseAsync(cancel);
        server.Say($"  writing a catalogue of {LargeCatalogue.Movies:#,0} movies ...");
        await LargeCatalogue.CreateAsync(database.Source, new EventStoreOptions(), cancel);
        var home = Directory.CreateTempSubdirectory("recs-bench-home-").FullName;
        try
        {
            var recs = new RecsProcess(home, database.ConnectionString);
            await recs.RunAsync(["train", "popularity"], cancel); // a service without a model is not ready
            await recs.RunAsync(["models", "promote", "popularity-v0.1", "--reason", "benchmark"], cancel);
            await using var service = await recs.ServeAsync([], cancel);
            using var http = new HttpClient { BaseAddress = new Uri(service.Address), DefaultRequestHeaders = { Authorization = new("Bearer", service.Token) } };
            var queries = TypedQueries.Make(LargeCatalogue.Titles());
            await AskAsync(http, [.. queries.Select(q => (q.Kind, "/movies" + q.Query))], cancel); // warms the caches of the server and of the service
            var searches = await AskAsync(http, [.. queries.Select(q => (q.Kind, "/movies" + q.Query))], cancel);
            foreach (var kind in searches.GroupBy(s => s.Kind))
                server.Say($"    {kind.Key}: p50 {Percentile(kind, 0.5):0.0} ms, p99 {Percentile(kind, 0.99):0.0} ms");
            var lookups = await AskAsync(http, [.. queries.Select((_, n) => ("id", $"/movies/{1 + n * 7 % LargeCatalogue.Movies}"))], cancel);
            return
            [
                new("search.movies", 1000 / searches.Average(s => s.Ms), "searches/s of one caller", "GET /movies/{id} of the same service", 1000 / lookups.Average(s => s.Ms),
                    Percentile(searches, 0.5), Percentile(searches, 0.99)),
            ];
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task<List<(string Kind, double Ms)>> AskAsync(HttpClient http, IReadOnlyList<(string Kind, string Path)> requests, CancellationToken cancel)
    {
        var times = new List<(string, double)>(requests.Count);
        foreach (var (kind, path) in requests)
        {
            var started = Stopwatch.GetTimestamp();
            using var response = await http.GetAsync(path, cancel);
            await response.Content.ReadAsByteArrayAsync(cancel);
            times.Add((kind, Stopwatch.GetElapsedTime(started).TotalMilliseconds));
            if (!response.IsSuccessStatusCode)
                throw new InvalidOperationException($"GET {path} answered {(int)response.StatusCode}.");
        }
        return times;
    }

    private static double Percentile(IEnumerable<(string Kind, double Ms)> times, double share)
    {
        var sorted = times.Select(t => t.Ms).Order().ToList();
        return sorted[(int)(share * (sorted.Count - 1))];
    }
}
