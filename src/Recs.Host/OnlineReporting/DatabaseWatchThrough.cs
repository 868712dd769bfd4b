using System.Diagnostics;
using Recs.Host.Composition;
using Recs.Host.Reporting;
using Recs.Host.Verbs;
using Recs.Projections.OnlineMetrics;

namespace Recs.Host.OnlineReporting;

/// <summary>Watch-through of the log in the database, from what the projection of online metrics keeps of it.</summary>
internal static class DatabaseWatchThrough
{
    /// <summary>How long a running service gets to fold the end of the log before the read model is rebuilt here.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Counts.</summary>
    public static async Task<WatchThroughReport> ReadAsync(RecsStore store, Terminal terminal, string channel, TimeSpan window, TimeProvider clock, CancellationToken cancel)
    {
        var projection = new OnlineMetricsProjection();
        if (!await IsThroughAsync(store, projection, cancel))
            await ProjectionsVerb.RebuildAsync(terminal, store, projection, cancel);
        var counts = await new WatchThroughReader(store.Source).CountAsync(channel, window, cancel);
        var through = await NumberAsync(store, $"select coalesce(max(seq_id), 0) from {store.Options.Schema}.mt_events", cancel);
        return WatchThroughReport.Of(store.Description, through, window, counts, clock.GetUtcNow(), channel);
    }

    /// <summary>Whether the read model holds all that the log held when this began; waits for a running service that is about to.</summary>
    private static async Task<bool> IsThroughAsync(RecsStore store, OnlineMetricsProjection projection, CancellationToken cancel)
    {
        var schema = store.Options.Schema;
        var types = string.Join(", ", store.Types.WithOlder(projection.Types).Select(t => $"'{t.Replace("'", "''", StringComparison.Ordinal)}'"));
        var end = await NumberAsync(store, $"select coalesce((select seq_id from {schema}.mt_events where type in ({types}) and is_archived = false order by seq_id desc limit 1), 0)", cancel);
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(Poll, cancel))
        {
            if (await NumberAsync(store, $"select coalesce((select last_seq_id from {schema}.mt_event_progression where name = '{projection.Name}:All'), 0)", cancel) >= end) return true;
            if (Stopwatch.GetElapsedTime(start) > Patience) return false;
        }
    }

    private static async Task<long> NumberAsync(RecsStore store, string sql, CancellationToken cancel)
    {
        await using var command = store.Source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(cancel))!;
    }
}
