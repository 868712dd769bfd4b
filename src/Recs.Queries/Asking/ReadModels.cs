using System.Diagnostics;
using Npgsql;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.EventStore.Projecting;
using Recs.Projections;
using Recs.Queries.Serving;

namespace Recs.Queries.Asking;

/// <summary>How far the read models in SQL have folded the log. Whichever process folds them, their progress rows tell.</summary>
public sealed class ReadModels(NpgsqlDataSource source, EventStoreOptions options, EventTypes types, LogFollower follower)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5), LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>An SQL expression, without parameters, for the position of a projection; in the statement that reads its tables, so that both are of one moment.</summary>
    /// <param name="projection">Name, such as <c>Popularity</c>.</param>
    public string PositionOf(string projection)
        => $"(select coalesce(max(last_seq_id), 0) from {options.Schema}.mt_event_progression where name = '{Named(projection).Name}:All')";

    /// <summary>
    /// Waits until a projection has folded everything up to a position; false if <paramref name="wait"/> ends first. A progress row lags behind a stretch that
    /// holds nothing for its projection, so the log is asked whether the row has to move at all.
    /// </summary>
    public async ValueTask<bool> ReachAsync(string projection, long sequence, TimeSpan wait, CancellationToken cancel)
    {
        if (sequence == 0)
            return true;
        var started = options.WallClock.GetTimestamp();
        if (!await follower.WaitForAsync(sequence, wait, cancel))
            return false; // the log itself is not there yet
        for (var pause = FirstPause; !await HasFoldedAsync(Named(projection), sequence, cancel); pause = pause < LongestPause ? pause * 2 : LongestPause)
        {
            if (options.WallClock.GetElapsedTime(started) + pause > wait)
                return false;
            await Task.Delay(pause, options.WallClock, cancel);
        }
        return true;
    }

    private async Task<bool> HasFoldedAsync(IProjection projection, long sequence, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(
            $"""
             select p.at >= $1 or not exists (select from {options.Schema}.mt_events where seq_id > p.at and seq_id <= $1 and type = any($2))
             from (select {PositionOf(projection.Name)} as at) p
             """);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = sequence });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. types.WithOlder(projection.Types)] });
        return await command.ExecuteScalarAsync(cancel) is true;
    }

    private static IProjection Named(string name) => RecsProjections.Find(name) ?? throw new UnreachableException($"There is no projection '{name}'.");
}
