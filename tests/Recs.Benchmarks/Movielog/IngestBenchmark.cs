using System.Diagnostics;
using Npgsql;
using Recs.Benchmarks.Appending;
using Recs.Benchmarks.Importing;
using Recs.Commands.Importing;
using Recs.Testing.Movielog;

namespace Recs.Benchmarks.Movielog;

/// <summary>
/// <c>ingest.movielog</c>: a log on disk, 5 % of its lines damaged, into an empty event log: from opening the file until the tables are analysed, rejects kept. The
/// baseline is one raw COPY of the very rows that came of it, ready made, into tables of the same layout.
/// </summary>
internal static class IngestBenchmark
{
    private const string Raw = "one raw COPY of the same rows, ready made, and one insert of the stream rows, foreign-key checks skipped, same tables";
    private const int Bytes = 64_000_000;
    private const int Rounds = 2;

    /// <summary>Measures; the better round of each counts.</summary>
    public static async Task<IReadOnlyList<BenchmarkRow>> RunAsync(BenchmarkServer server, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("recs-bench-").FullName;
        try
        {
            var file = Path.Combine(folder, "service.log");
            GeneratedMovielog log;
            await using (var stream = File.Create(file)) log = new MovielogGenerator(seed: 1, users: 200_000, movies: 20_000, damageRate: 0.05).Write(stream, Bytes);
            await using var database = await server.DatabaseAsync(cancel);
            var (import, raw) = (0.0, 0.0);
            for (var round = 0; round < Rounds; round++)
            {
                var (importing, copying) = await MeasureAsync(database.Source, file, log, cancel);
                (import, raw) = (Math.Max(import, log.Lines / importing), Math.Max(raw, log.Lines / copying));
            }
            return [new("ingest.movielog", import, "lines/s", Raw, raw)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Importing, double Copying)> MeasureAsync(NpgsqlDataSource source, string file, GeneratedMovielog log, CancellationToken cancel)
    {
        await using var ours = await BenchSchema.CreateAsync(source, "bench_ours", cancel, typeof(ImportDataSet).Assembly);
        await using var baseline = await BenchSchema.CreateAsync(source, "bench_raw", cancel);
        await CheckpointAsync(source, cancel);
        var start = Stopwatch.GetTimestamp();
        var summary = await new ImportDataSet(source, ours.Options).RunAsync(file, new(), cancel: cancel);
        var importing = Stopwatch.GetElapsedTime(start).TotalSeconds;
        if (summary.InputRows != log.Lines || summary.RejectRows != log.Damaged.Count) throw new InvalidOperationException("Not every line was accounted for.");
        var rows = await RawCopy.ReadAsync(source, ours.Options.Schema, cancel);
        await CheckpointAsync(source, cancel);
        start = Stopwatch.GetTimestamp();
        await rows.WriteAsync(source, ours.Options.Schema, baseline.Options.Schema, cancel);
        return (importing, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }

    /// <summary>Work is measured on a database that owes no writing to the disk.</summary>
    private static async Task CheckpointAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        await using var checkpoint = source.CreateCommand("checkpoint");
        await checkpoint.ExecuteNonQueryAsync(cancel);
    }
}
