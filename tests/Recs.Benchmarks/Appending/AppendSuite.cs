using Recs.Benchmarks.Importing;

namespace Recs.Benchmarks.Appending;

/// <summary>Everything that writes to the log: appends in arrival order, concurrent single appends, the bulk import.</summary>
internal static class AppendSuite
{
    public static async Task<IReadOnlyList<BenchmarkRow>> RunAsync(BenchmarkServer server, CancellationToken cancel)
    {
        await using var appends = await server.DatabaseAsync(cancel);
        var rows = await AppendBenchmarks.RunAsync(appends.Source, events: 240_000, seconds: 6, cancel);
        await using var import = await server.DatabaseAsync(cancel);
        return [.. rows, .. await ImportBenchmark.RunAsync(import.Source, server.Arguments.Data, cancel)];
    }
}
