using System.Diagnostics;
using Confluent.Kafka;
using Npgsql;
using Recs.Benchmarks.Projecting;
using Recs.Contracts.Topics;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.EventStore.Following;
using Recs.Kafka.Connecting;
using Recs.Kafka.Messages;
using Recs.Projections.Relaying;
using Recs.Testing;

namespace Recs.Benchmarks.Streaming;

/// <summary>
/// The log told to Kafka: from the first page to the last acknowledgement that is recorded. The broker, librdkafka's own over TCP, runs in this process on the same
/// processors. The baseline is the same client with messages of the same size that are there already.
/// </summary>
internal static class KafkaOutBenchmark
{
    private const int Events = 500_000, Rounds = 3, Partitions = 6;

    public static async Task<IReadOnlyList<BenchmarkRow>> RunAsync(BenchmarkServer server, CancellationToken cancel)
    {
        await using var database = await server.DatabaseAsync(cancel);
        var options = new EventStoreOptions();
        server.Say($"  writing a log of {Events:#,0} ratings ...");
        await RatingsLog.CreateAsync(database.Source, options, Events, cancel);
        List<double> told = [], produced = [];
        double processor = 0;
        for (var round = 0; round <= Rounds; round++) // the first one warms everything
        {
            produced.Add(Events / Produce());
            var (seconds, cpu) = await TellAsync(database.Source, options, $"r{round}", cancel);
            told.Add(Events / seconds);
            processor = cpu;
        }
        return [new("kafka.out", Median(told), "events/s", "the same client alone, messages of the same size", Median(produced), CpuSeconds: processor)];
    }

    private static async Task<(double Seconds, double Cpu)> TellAsync(NpgsqlDataSource source, EventStoreOptions options, string prefix, CancellationToken cancel)
    {
        var topics = new TopicNames(prefix);
        using var broker = new MockBroker().WithTopic(topics.UserInteractions, Partitions);
        await using var mark = new HighWaterMark(source, options);
        await mark.StartAsync(cancel);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var relay = new Relay(source, options, new EventTypes(), mark, new JsonMessageEncoder(), new() { Kafka = new(broker.Bootstrap), Topics = topics });
        var cpu = Environment.CpuUsage.TotalTime;
        var clock = Stopwatch.StartNew();
        var running = relay.RunAsync(stop.Token);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (relay.Health() is var health && (health.Sequence < health.HighWaterMark || health.State != RelayState.Running))
            await pause.WaitForNextTickAsync(cancel);
        var seconds = clock.Elapsed.TotalSeconds;
        cpu = Environment.CpuUsage.TotalTime - cpu;
        await stop.CancelAsync();
        await running;
        return (seconds, cpu.TotalSeconds);
    }

    private static double Produce()
    {
        using var broker = new MockBroker().WithTopic("baseline", Partitions);
        var config = new KafkaSettings(broker.Bootstrap).Producer();
        (config.CompressionType, config.DeliveryReportFields, config.QueueBufferingMaxMessages) = (CompressionType.Lz4, "none", 1_000_000);
        using var producer = new ProducerBuilder<byte[], byte[]>(config).Build();
        var value = new byte[110];
        new Random(1).NextBytes(value.AsSpan(0, 40));
        var keys = Enumerable.Range(0, 6040).Select(user => System.Text.Encoding.UTF8.GetBytes($"{user}")).ToArray();
        var arrived = 0;
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Events; i++)
        {
            var headers = new Headers { { RelayHeaders.EventId, value[..36] }, { RelayHeaders.Sequence, value[..6] } };
            producer.Produce("baseline", new Message<byte[], byte[]> { Key = keys[i % keys.Length], Value = value, Headers = headers }, report => Interlocked.Add(ref arrived, report.Error.IsError ? 0 : 1));
        }
        while (Volatile.Read(ref arrived) < Events)
            producer.Flush(TimeSpan.FromSeconds(1));
        return clock.Elapsed.TotalSeconds;
    }

    private static double Median(List<double> values) => values.Skip(1).Order().ElementAt((values.Count - 1) / 2);
}
