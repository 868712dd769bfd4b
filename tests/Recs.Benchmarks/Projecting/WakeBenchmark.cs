using System.Diagnostics;
using System.Text;
using Npgsql;
using Recs.EventStore;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.EventStore.Following;
using Recs.EventStore.Projecting;
using Recs.Projections;

namespace Recs.Benchmarks.Projecting;

/// <summary>
/// From the acknowledged append of one rating to the commit of its rows in the read models that somebody waits for, in one process, all projections running. Those that
/// gather events for half a second, because they only count (<see cref="IProjection.BatchEvery"/>), are not waited for.
/// </summary>
internal static class WakeBenchmark
{
    private const int Appends = 400;

    public static async Task<BenchmarkRow> MeasureAsync(NpgsqlDataSource source, EventStoreOptions options, CancellationToken cancel)
    {
        var types = new EventTypes();
        foreach (var projection in RecsProjections.All) await new ProjectionRebuild(source, options, types).RebuildAsync(projection, cancel: cancel);
        await using var mark = new HighWaterMark(source, options);
        await mark.StartAsync(cancel);
        await using var appender = new EventAppender(source, options);
        appender.Appended += mark.Nudge;
        await using var daemon = new ProjectionDaemon(source, options, types, mark, RecsProjections.All);
        await daemon.StartAsync(cancel);
        await daemon.WaitForAsync(mark.Current, cancel);

        var waits = new List<double>();
        for (var i = 0; i < Appends; i++)
        {
            var user = "wake" + i % 50;
            var body = Encoding.UTF8.GetBytes($$"""{"UserId":"{{user}}","MovieId":"{{i}}","Rating":4,"At":"2026-01-01T00:00:00+00:00"}""");
            var result = await appender.AppendAsync(AppendRequest.One("user-" + user, new(Guid.CreateVersion7(), "movie_rated", body)), cancel);
            var clock = Stopwatch.GetTimestamp();
            await daemon.WaitForAsync(result.LastSequence, p => p.BatchEvery == TimeSpan.Zero, cancel);
            waits.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
        }
        waits.Sort();
        var (p50, p99) = (waits[Appends / 2], waits[Appends * 99 / 100]);
        return new("wake.p99Ms", p99, "ms", P50Ms: p50, P99Ms: p99);
    }
}
