namespace Recs.Benchmarks;

/// <summary>A group of measurements.</summary>
/// <param name="Name">What <c>recs bench</c> calls it.</param>
/// <param name="RunAsync">Measures.</param>
internal sealed record BenchmarkSuite(string Name, Func<BenchmarkServer, CancellationToken, Task<IReadOnlyList<BenchmarkRow>>> RunAsync);

/// <summary>All groups.</summary>
internal static class BenchmarkSuites
{
    private static readonly IReadOnlyList<BenchmarkSuite> All =
    [
        new("append", Appending.AppendSuite.RunAsync),
        new("rebuild", Projecting.RebuildBenchmark.RunAsync),
        new("serve", Serving.ServeBenchmark.RunAsync),
        new("rerank", Serving.RerankBenchmark.RunAsync),
        new("search", Searching.SearchBenchmark.RunAsync),
        new("parse", Movielog.ParseBenchmark.RunAsync),
        new("ingest", Movielog.IngestBenchmark.RunAsync),
        new("kafka", Streaming.KafkaSuite.RunAsync),
        new("train", Training.TrainBenchmark.RunAsync),
        new("scale", Scaling.ScaleBenchmark.RunAsync),
        new("kernels", Training.KernelBenchmark.RunAsync),
        new("export", Exporting.ExportBenchmark.RunAsync),
    ];

    /// <summary>Their names, for messages.</summary>
    public static string Names => string.Join(", ", All.Select(s => s.Name)) + " or all";

    /// <summary>The group of a name, or all of them; empty if there is none.</summary>
    public static IReadOnlyList<BenchmarkSuite> Of(string name) => name == "all" ? All : [.. All.Where(s => s.Name == name)];
}
