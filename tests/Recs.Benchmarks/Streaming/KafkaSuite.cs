namespace Recs.Benchmarks.Streaming;

/// <summary>
/// What goes through Kafka, against librdkafka's mock cluster over TCP: the broker, its clients, the service and PostgreSQL share the machine. The service is a process of
/// its own, as users run it.
/// </summary>
internal static class KafkaSuite
{
    public static async Task<IReadOnlyList<BenchmarkRow>> RunAsync(BenchmarkServer server, CancellationToken cancel) =>
    [
        await KafkaInBenchmark.MeasureAsync(server, cancel),
        await KafkaOutBenchmark.MeasureAsync(server, cancel),
        await EndToEndBenchmark.MeasureAsync(server, cancel),
    ];
}
