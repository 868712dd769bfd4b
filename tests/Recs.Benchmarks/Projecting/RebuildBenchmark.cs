using System.Diagnostics;
using Npgsql;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.EventStore.Projecting;
using Recs.Projections;

namespace Recs.Benchmarks.Projecting;

/// <summary>
/// Rebuilds of user history and popularity over a million ratings: from the first byte of the log to the commit of the tables. The baseline is the same COPY of the
/// log alone, read and thrown away: what PostgreSQL can give at most.
/// </summary>
internal static class RebuildBenchmark
{
    private const int Events = 1_000_000, Rounds = 3;

    public static async Task<IReadOnlyList<BenchmarkRow>> RunAsync(BenchmarkServer server, CancellationToken cancel)
    {
        await using var database = await server.DatabaseAsync(cancel);
        var options = new EventStoreOptions();
        server.Say($"  writing a log of {Events:#,0} ratings ...");
        await RatingsLog.CreateAsync(database.Source, options, Events, cancel);
        await CopyOutAsync(database.Source, options, cancel); // warms the server's cache
        return
        [
            await MeasureAsync("rebuild.user-history", "UserHistory", database.Source, options, cancel),
            await MeasureAsync("rebuild.popularity", "Popularity", database.Source, options, cancel),
            await WakeBenchmark.MeasureAsync(database.Source, options, cancel),
        ];
    }

    private static async Task<BenchmarkRow> MeasureAsync(string name, string projection, NpgsqlDataSource source, EventStoreOptions options, CancellationToken cancel)
    {
        List<double> rebuild = [], copy = [];
        for (var round = 0; round < Rounds; round++)
        {
            copy.Add(Events / await CopyOutAsync(source, options, cancel));
            var clock = Stopwatch.StartNew();
            var (folded, _) = await new ProjectionRebuild(source, options, new EventTypes()).RebuildAsync(RecsProjections.Find(projection)!, cancel: cancel);
            rebuild.Add(folded / clock.Elapsed.TotalSeconds);
        }
        return new(name, Median(rebuild), "events/s", "COPY out alone", Median(copy));
    }

    private static async Task<double> CopyOutAsync(NpgsqlDataSource source, EventStoreOptions options, CancellationToken cancel)
    {
        await using var connection = await source.OpenConnectionAsync(cancel);
        var clock = Stopwatch.StartNew();
        await using var stream = await connection.BeginRawBinaryCopyAsync(
            $"copy (select seq_id, version, stream_id, type, timestamp, data, correlation_id from {options.Schema}.mt_events where type in ('movie_rated') and is_archived = false order by seq_id) to stdout (format binary)",
            cancel);
        var block = new byte[1 << 20];
        while (stream.Read(block) > 0)
        {
            // thrown away
        }
        return clock.Elapsed.TotalSeconds;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
