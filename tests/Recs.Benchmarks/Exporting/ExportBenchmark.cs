using System.Diagnostics;
using Npgsql;
using Recs.Commands;
using Recs.Commands.Importing;
using Recs.Commands.Simulating;
using Recs.Contracts;
using Recs.EventStore;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.EventStore.Importing;
using Recs.EventStore.Reading;
using Recs.EventStore.Schema;
using Recs.Projections;
using Recs.Training.Exporting;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;

namespace Recs.Benchmarks.Exporting;

/// <summary>
/// <c>export.csv</c> and <c>export.parquet</c>: a snapshot of about a million ratings from the first statement to the renamed folder, its movies, people, digests and flush to the
/// disk included. The baseline is PostgreSQL's own <c>COPY ... CSV</c> of the interactions alone into a file.
/// </summary>
internal static class ExportBenchmark
{
    private const string Baseline = "COPY (FORMAT CSV) of the interactions alone into a file, neither digested nor flushed";
    private const string Snapshot = "bench";
    private const int Rounds = 3;

    public static async Task<IReadOnlyList<BenchmarkRow>> RunAsync(BenchmarkServer server, CancellationToken cancel)
    {
        await using var database = await server.DatabaseAsync(cancel);
        var (options, types) = (new EventStoreOptions(), Types());
        server.Say("  writing a log of about a million ratings ...");
        var through = await WriteLogAsync(database.Source, options, server.Arguments.Data, cancel);
        var find = new FindSnapshot(new EventReader(database.Source, options, types), types);
        await using (var appender = new EventAppender(database.Source, options))
            await new TakeSnapshot(new(database.Source, options, types), find, appender, types, TimeProvider.System).RunAsync(Snapshot, through, new(), cancel);

        var export = new ExportSnapshot(database.Source, options, types, find, new CodeRevision("bench", false));
        var folder = Directory.CreateTempSubdirectory("recs-bench-export-").FullName;
        try
        {
            var copy = await CopyAsync(database.Source, options.Schema, through, folder, cancel);
            return
            [
                .. await MeasureAsync("export.csv", new(Snapshot, ExportFormat.Csv, ExportCompression.None), export, folder, copy, cancel),
                .. await MeasureAsync("export.parquet", new(Snapshot, ExportFormat.Parquet, ExportCompression.Gzip), export, folder, copy, cancel),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static EventTypes Types() => new EventTypes()
        .Map(EventAliases.SnapshotTaken, EventJson.Default.SnapshotTaken)
        .Map(EventAliases.MovieAdded, EventJson.Default.MovieAdded)
        .Map(EventAliases.MovieChanged, EventJson.Default.MovieChanged);

    private static async Task<long> WriteLogAsync(NpgsqlDataSource source, EventStoreOptions options, string? data, CancellationToken cancel)
    {
        await SchemaMigrations.ApplyAsync(source, options, [typeof(EventStoreOptions).Assembly, typeof(RecsProjections).Assembly, typeof(CommandSide).Assembly, typeof(ExportSnapshot).Assembly], cancel);
        if (data is not null)
            await new ImportDataSet(source, options).RunAsync(data, new ImportOptions(), null, cancel);
        else
        {
            var set = new SimulatedWorld(Users: 6_040, Movies: 3_700, MeanRatings: 165).ToDataSet();
            var events = new RatingEvents("bench", set.Ratings, RatingOrder.Of(set.Ratings), [.. set.UserIds], set.MovieIds, new ImportOrigin("import:bench:00000000", "import-run:1"));
            await new BulkImport(source, options).RunAsync(events, cancel: cancel);
        }

        await using var last = source.CreateCommand($"select max(seq_id) from {options.Schema}.mt_events");
        return (long)(await last.ExecuteScalarAsync(cancel))!;
    }

    private static async Task<IReadOnlyList<BenchmarkRow>> MeasureAsync(
        string name, ExportRequest request, ExportSnapshot export, string folder, (double RowsPerSecond, double Megabytes) copy, CancellationToken cancel)
    {
        var (rate, megabytes) = (0.0, 0.0);
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            var stored = await export.RunAsync(request, Path.Combine(folder, $"{name}-{round}"), cancel: cancel);
            rate = Math.Max(rate, stored.Rows / Stopwatch.GetElapsedTime(start).TotalSeconds);
            megabytes = stored.Bytes / 1e6;
        }

        return [new(name, rate, "rows/s", Baseline, copy.RowsPerSecond), new(name + ".size", megabytes, "MB", Baseline, copy.Megabytes)];
    }

    private static async Task<(double RowsPerSecond, double Megabytes)> CopyAsync(NpgsqlDataSource source, string schema, long through, string folder, CancellationToken cancel)
    {
        var path = Path.Combine(folder, "copy.csv");
        var (best, bytes, rows) = (0.0, 0L, 0L);
        await using (var count = source.CreateCommand($"select count(*) from {schema}.mt_events where seq_id <= {through} and type in ('movie_rated', 'movie_watched')"))
            rows = (long)(await count.ExecuteScalarAsync(cancel))!;
        for (var round = 0; round < Rounds; round++)
        {
            var start = Stopwatch.GetTimestamp();
            await using var connection = await source.OpenConnectionAsync(cancel);
            using var copy = (StreamReader)await connection.BeginTextExportAsync( // its bytes are taken as they come, without decoding
                "copy (select data->>'UserId' as user_id, data->>'MovieId' as movie_id, case type when 'movie_rated' then 'rate' else 'watch' end as kind, data->>'Rating' as rating, "
                + $"data->>'Minute' as minute, data->>'At' as at, seq_id as sequence from {schema}.mt_events where seq_id <= {through} and type in ('movie_rated', 'movie_watched') "
                + "and is_archived = false order by seq_id) to stdout (format csv, header)", cancel);
            await using var file = File.Create(path);
            await copy.BaseStream.CopyToAsync(file, 1 << 17, cancel);
            best = Math.Max(best, rows / Stopwatch.GetElapsedTime(start).TotalSeconds);
            bytes = file.Length;
        }

        return (best, bytes / 1e6);
    }
}
