using Npgsql;
using Recs.EventStore.Evolving;
using Recs.EventStore.Following;
using Recs.EventStore.Telemetry;

namespace Recs.EventStore.Projecting;

/// <summary>
/// Runs projections, each as one shard: exactly once into SQL, one node at a time (advisory lock, fenced by compare-and-set on the
/// progress row). A shard that stops does not stop the others; a node in standby takes over when the lock is free.
/// </summary>
/// <param name="source">Database.</param>
/// <param name="options">Store.</param>
/// <param name="types">Registered aliases.</param>
/// <param name="mark">The high-water mark, followed already.</param>
/// <param name="projections">What to run.</param>
/// <param name="rebuildPast">A shard that is further behind than this, with most of the log unread (after an import), catches up by a rebuild instead of in batches.</param>
public sealed class ProjectionDaemon(
    NpgsqlDataSource source, EventStoreOptions options, EventTypes types, HighWaterMark mark, IReadOnlyList<IProjection> projections, long rebuildPast = 100_000)
    : IAsyncDisposable
{
    /// <summary>Stretches longer than this are read by the shards without asking first what they hold.</summary>
    private const long LongestScouted = 20_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly RecentTypes recent = new();
    private readonly CatchUp catchUp = new(source, options, types, rebuildPast);
    private readonly CancellationTokenSource stop = new();
    private IReadOnlyList<ProjectionShard> shards = [];
    private ShardInstruments? instruments;
    private Task? running;

    /// <summary>Starts every shard. The high-water mark must be followed already.</summary>
    public Task StartAsync(CancellationToken cancel = default)
    {
        if (running is not null) throw new InvalidOperationException("The projection daemon runs already.");
        cancel.ThrowIfCancellationRequested();
        shards = [.. projections.Select(p => new ProjectionShard(p, source, options, types, mark, recent, catchUp))];
        instruments = new(Health, mark);
        mark.Late += OnLate;
        running = Task.WhenAll([ScoutAsync(), .. shards.Select(s => Task.Run(() => RunAsync(s), CancellationToken.None))]);
        return Task.CompletedTask;
    }

    /// <summary>Health of every shard.</summary>
    public IReadOnlyList<ShardHealth> Health() => [.. shards.Select(s => s.Health())];

    /// <summary>Waits until every shard has folded through a position, those that another node runs included.</summary>
    /// <exception cref="ShardStoppedException">A shard is stopped.</exception>
    public Task WaitForAsync(long sequence, CancellationToken cancel = default) => WaitForAsync(sequence, _ => true, cancel);

    /// <summary>Waits until the shards of some projections have folded through a position, those that another node runs included.</summary>
    /// <param name="sequence">Position.</param>
    /// <param name="only">Which projections are waited for.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="ShardStoppedException">One of these shards is stopped.</exception>
    public async Task WaitForAsync(long sequence, Func<IProjection, bool> only, CancellationToken cancel = default)
    {
        mark.Nudge(sequence);
        foreach (var shard in shards.Where(s => only(s.Projection))) await shard.WaitThroughAsync(sequence, cancel);
    }

    /// <summary>Stops every shard at a batch boundary.</summary>
    public async ValueTask DisposeAsync()
    {
        mark.Late -= OnLate;
        await stop.CancelAsync();
        if (running is not null) await running;
        instruments?.Dispose();
        foreach (var shard in shards) shard.Dispose();
        catchUp.Dispose();
        stop.Dispose();
    }

    private void OnLate(LateEvent late)
    {
        foreach (var shard in shards) shard.Wake(late: true);
    }

    private async Task RunAsync(ProjectionShard shard)
    {
        try
        {
            await shard.RunAsync(stop.Token);
        }
        catch (Exception e)
        {
            shard.Abandon(e);
        }
    }

    /// <summary>Wakes the shards when the mark rises, and finds out once for all of them which types the new stretch holds.</summary>
    private async Task ScoutAsync()
    {
        var seen = mark.Current;
        try
        {
            while (true)
            {
                var ceiling = await mark.WaitPastAsync(seen, stop.Token);
                if (ceiling - seen <= LongestScouted) await ScoutAsync(seen, ceiling);
                seen = ceiling;
                foreach (var shard in shards) shard.Wake();
                await Task.Delay(Pause, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            // The mark is not followed any more; no shard will ever move again.
            foreach (var shard in shards) shard.Abandon(e);
        }
    }

    private async Task ScoutAsync(long after, long through)
    {
        try
        {
            await using var command = source.CreateCommand($"select distinct type from {options.Schema}.mt_events where seq_id > $1 and seq_id <= $2");
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = through });
            await using var row = await command.ExecuteReaderAsync(stop.Token);
            var found = new HashSet<string>(StringComparer.Ordinal);
            while (await row.ReadAsync(stop.Token)) found.Add(row.GetString(0));
            recent.Add(after, through, found);
        }
        catch (Exception e) when (Outage.Is(e))
        {
            // Nothing is known about the stretch, so the shards will read it.
        }
    }
}
