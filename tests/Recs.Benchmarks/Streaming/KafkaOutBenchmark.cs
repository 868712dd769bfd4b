using System.Diagnostics;
using System.Text;
using Confluent.Kafka;
using Npgsql;
using Recs.Benchmarks.Serving;
using Recs.Kafka.Connecting;
using Recs.Testing;

namespace Recs.Benchmarks.Streaming;

/// <summary>
/// <c>kafka.out</c>: the ratings of a log become messages, by a service of role <c>relay</c>, timed by its own progress, which moves with the broker's acknowledgements. The
/// baseline is a bare producer with the same settings and ready-made messages of that size. (The mock cluster keeps the last 5 MiB of a partition only; nobody reads them here.)
/// </summary>
internal static class KafkaOutBenchmark
{
    private const int Partitions = 8;
    private const string Topic = "recs.user_interactions";

    public static async Task<BenchmarkRow> MeasureAsync(BenchmarkServer server, CancellationToken cancel)
    {
        await using var database = await server.DatabaseAsync(cancel);
        var home = Directory.CreateTempSubdirectory("recs-bench-home-").FullName;
        try
        {
            using var broker = new MockBroker().WithTopic(Topic, Partitions);
            var recs = new RecsProcess(home, database.ConnectionString);
            await recs.RunAsync(["import", "--data", server.Arguments.Data ?? SimulatedFolder.Write(home)], cancel);
            await using var service = await recs.ServeAsync(["--roles", "relay", "--kafka", broker.Bootstrap], cancel);
            var rate = await RateAsync(database.Source, cancel);
            return new("kafka.out", rate, "events/s", "a bare producer of ready-made messages", Produce(broker.Bootstrap, cancel));
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    /// <summary>Events per second from the first tenth of the log to its end.</summary>
    private static async Task<double> RateAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        await using var end = new NpgsqlCommand("select max(seq_id) from recs.mt_events", connection);
        await using var reached = new NpgsqlCommand("select coalesce(max(position), 0) from recs.recs_relay", connection);
        var last = (long)(await end.ExecuteScalarAsync(cancel))!;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(3));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var (from, began) = (0L, 0L);
        for (; ; )
        {
            await pause.WaitForNextTickAsync(patience.Token);
            var position = (long)(await reached.ExecuteScalarAsync(patience.Token))!;
            if (began == 0 && position >= last / 10) (from, began) = (position, Stopwatch.GetTimestamp());
            if (position >= last) return (last - from) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }
    }

    private static double Produce(string bootstrap, CancellationToken cancel)
    {
        const int count = 400_000;
        var config = new KafkaSettings(bootstrap).Producer();
        config.LingerMs = 5;
        config.QueueBufferingMaxMessages = count;
        using var producer = new ProducerBuilder<byte[], byte[]>(config).Build();
        var messages = Enumerable.Range(0, 1000).Select(i => new Message<byte[], byte[]>
        {
            Key = Encoding.UTF8.GetBytes(i.ToString()),
            Value = Encoding.UTF8.GetBytes($$"""{"timestamp":1704067200000,"user_id":"{{i}}","movie_id":"{{i + 1000}}","kind":"rate","rating":4,"sequence":{{i + 1_000_000}}}"""),
        }).ToArray();
        var acknowledged = 0;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++) producer.Produce(Topic, messages[i % messages.Length], report => acknowledged += report.Error.IsError ? 0 : 1);
        producer.Flush(cancel);
        return acknowledged / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
