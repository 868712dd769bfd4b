using System.Diagnostics;
using Npgsql;
using Recs.EventStore;
using Recs.EventStore.Appending;

namespace Recs.Benchmarks.Appending;

/// <summary>Append figures, each beside the raw statements into the same tables in the same run.</summary>
public static class AppendBenchmarks
{
    private const string Raw = "multi-row upsert of stream rows + multi-row insert of events, versions known, same tables";

    /// <summary>Runs all of them in schemas of their own, which are dropped afterwards.</summary>
    /// <param name="source">Database that may be written to.</param>
    /// <param name="events">Events per arrival-order measurement.</param>
    /// <param name="seconds">Length of the measurement of single appends.</param>
    /// <param name="cancel">Stops between measurements.</param>
    public static async Task<IReadOnlyList<BenchmarkRow>> RunAsync(NpgsqlDataSource source, int events = 120_000, double seconds = 4, CancellationToken cancel = default) =>
    [
        await ArrivalOrderAsync(source, 1, events / 2, cancel),
        await ArrivalOrderAsync(source, 4, events, cancel),
        await SingleAsync(source, 64, seconds, cancel),
    ];

    /// <summary><c>append.arrival-order.N-writers</c>: 1,000 small events per append, in arrival order over 6,040 streams.</summary>
    public static async Task<BenchmarkRow> ArrivalOrderAsync(NpgsqlDataSource source, int writers, int events, CancellationToken cancel = default)
    {
        const int rounds = 3;
        var perWriter = events / (rounds * writers * AppendWorkload.BatchEvents);
        await using var ours = await BenchSchema.CreateAsync(source, "bench_ours", cancel);
        await using var raw = await BenchSchema.CreateAsync(source, "bench_raw", cancel);
        await using var appender = new EventAppender(source, ours.Options, writers);
        var connections = new List<NpgsqlConnection>();
        try
        {
            for (var w = 0; w < writers; w++) connections.Add(await source.OpenConnectionAsync(cancel));
            var statements = connections.ConvertAll(c => new RawStatement(c, raw.Options.Schema));
            Func<int, (string, NewEvent)[], Task> viaStore = async (_, batch) => await appender.AppendAsync(Request(batch), cancel);
            Func<int, (string, NewEvent)[], Task> viaRaw = async (w, batch) => await statements[w].StoreAsync(batch);

            // Side by side in short turns, so that whatever else the machine does meets both; the first turn warms up.
            var (fast, baseline) = (new List<double>(), new List<double>());
            for (var round = 0; round <= rounds; round++)
            {
                var seed = round;
                var rawRate = await RateAsync(writers, seed, round == 0 ? Math.Max(3, 60 / writers) : perWriter, viaRaw);
                var storeRate = await RateAsync(writers, seed, round == 0 ? Math.Max(3, 60 / writers) : perWriter, viaStore);
                if (round == 0) continue;
                fast.Add(storeRate);
                baseline.Add(rawRate);
            }

            return new($"append.arrival-order.{writers}-writer{(writers == 1 ? "" : "s")}", Median(fast), "events/s", Raw, Median(baseline));
        }
        finally
        {
            foreach (var connection in connections) await connection.DisposeAsync();
        }
    }

    /// <summary><c>append.single.N-callers</c>: each caller appends one event and waits for its commit.</summary>
    public static async Task<BenchmarkRow> SingleAsync(NpgsqlDataSource source, int callers, double seconds, CancellationToken cancel = default)
    {
        await using var ours = await BenchSchema.CreateAsync(source, "bench_ours", cancel);
        await using var raw = await BenchSchema.CreateAsync(source, "bench_raw", cancel);
        await using var appender = new EventAppender(source, ours.Options);
        await MeasureSinglesAsync(appender, callers, 1, cancel);
        var (rate, milliseconds) = await MeasureSinglesAsync(appender, callers, seconds, cancel);

        await using var connection = await source.OpenConnectionAsync(cancel);
        var statement = new RawStatement(connection, raw.Options.Schema);
        var workload = new AppendWorkload(1, 0, 1);
        var count = 0L;
        var start = Stopwatch.GetTimestamp();
        for (; Stopwatch.GetElapsedTime(start).TotalSeconds < seconds / 4; count++) await statement.StoreAsync(workload.Next(1));
        var one = count / Stopwatch.GetElapsedTime(start).TotalSeconds;

        milliseconds.Sort();
        return new(
            $"append.single.{callers}-callers", rate, "events/s", "one caller, one event per raw statement and commit", one,
            milliseconds[milliseconds.Count / 2], milliseconds[(int)(milliseconds.Count * 0.99)]);
    }

    private static async Task<(double Rate, List<double> Milliseconds)> MeasureSinglesAsync(EventAppender appender, int callers, double seconds, CancellationToken cancel)
    {
        var start = Stopwatch.GetTimestamp();
        var perCaller = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var took = new List<double>();
            var workload = new AppendWorkload(2, caller, callers);
            while (Stopwatch.GetElapsedTime(start).TotalSeconds < seconds)
            {
                var (stream, e) = workload.Next(1)[0];
                var called = Stopwatch.GetTimestamp();
                await appender.AppendAsync(AppendRequest.One(stream, e), cancel);
                took.Add(Stopwatch.GetElapsedTime(called).TotalMilliseconds);
            }

            return took;
        }, cancel)));
        var all = perCaller.SelectMany(t => t).ToList();
        return (all.Count / Stopwatch.GetElapsedTime(start).TotalSeconds, all);
    }

    private static async Task<double> RateAsync(int writers, int seed, int batches, Func<int, (string, NewEvent)[], Task> store)
    {
        // The events are made before the clock starts.
        var work = Enumerable.Range(0, writers).Select(w =>
        {
            var workload = new AppendWorkload(seed, w, writers);
            return Enumerable.Range(0, batches).Select(_ => workload.Next()).ToList();
        }).ToList();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(work.Select((mine, w) => Task.Run(async () =>
        {
            foreach (var batch in mine) await store(w, batch);
        })));
        return writers * batches * AppendWorkload.BatchEvents / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static AppendRequest Request((string Stream, NewEvent Event)[] events) =>
        new([.. events.Select(e => new StreamAppend(e.Stream, ExpectedVersion.Any, [e.Event]))]);

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
