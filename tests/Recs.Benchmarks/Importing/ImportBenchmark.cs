using System.Diagnostics;
using Npgsql;
using Recs.Benchmarks.Appending;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;
using Recs.Commands.Simulating;
using Recs.EventStore.Importing;

namespace Recs.Benchmarks.Importing;

/// <summary>
/// <c>append.bulk-import</c>: ratings into an empty log, from the first append until the tables are analysed. The baseline is one raw COPY of the
/// very rows that the
/// import stored, as bytes that are ready to send, into tables of the same layout, then the stream rows by one statement, then ANALYZE.
/// </summary>
public static class ImportBenchmark
{
    private const string Raw = "one raw COPY of the same rows, ready made, and one insert of the stream rows, foreign-key checks skipped, same tables";
    private const int Rounds = 2;

    /// <summary>Measures; the better round of each counts.</summary>
    /// <param name="source">Database that may be written to, as a superuser.</param>
    /// <param name="data">Folder of a data set, or null for a simulated one of about a million ratings.</param>
    /// <param name="cancel">Stops between measurements.</param>
    public static async Task<IReadOnlyList<BenchmarkRow>> RunAsync(NpgsqlDataSource source, string? data = null, CancellationToken cancel = default)
    {
        var set = data is null
            ? new SimulatedWorld(Users: 6_040, Movies: 3_700, MeanRatings: 165).ToDataSet()
            : DataSetReader.Read(data, DataSetFormat.Auto, new RejectCounts());
        var origin = new ImportOrigin("import:bench:00000000", "import-run:1");
        var events = new RatingEvents("bench", set.Ratings, RatingOrder.Of(set.Ratings), [.. set.UserIds], set.MovieIds, origin);
        var (import, raw) = (0.0, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            await using var ours = await BenchSchema.CreateAsync(source, "bench_ours", cancel);
            await using var baseline = await BenchSchema.CreateAsync(source, "bench_raw", cancel);
            var importing = await SecondsAsync(source, () => new BulkImport(source, ours.Options).RunAsync(events, cancel: cancel), cancel);
            var rows = await RawCopy.ReadAsync(source, ours.Options.Schema, cancel);
            var copying = await SecondsAsync(source, () => rows.WriteAsync(source, ours.Options.Schema, baseline.Options.Schema, cancel), cancel);
            (import, raw) = (Math.Max(import, events.Count / importing), Math.Max(raw, events.Count / copying));
        }
        return [new("append.bulk-import", import, "events/s", Raw, raw)];
    }

    /// <summary>Seconds of some work, begun on a database that owes no writing to the disk.</summary>
    private static async Task<double> SecondsAsync(NpgsqlDataSource source, Func<Task> work, CancellationToken cancel)
    {
        await using var checkpoint = source.CreateCommand("checkpoint");
        await checkpoint.ExecuteNonQueryAsync(cancel);
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
