using System.Diagnostics;
using Npgsql;
using Recs.EventStore.Evolving;
using Recs.EventStore.Following;
using Recs.EventStore.Telemetry;

namespace Recs.EventStore.Projecting;

/// <summary>
/// One projection on its way through the log. The connection that holds the advisory lock also runs the batches: who loses the lock
/// cannot write. Each batch locks the progress row, reads its page, folds it, and moves the row, in one transaction.
/// </summary>
internal sealed class ProjectionShard(
    IProjection projection, NpgsqlDataSource source, EventStoreOptions options, EventTypes types, HighWaterMark mark, RecentTypes recent,
    CatchUp catchUp)
    : IDisposable
{
    private const int BatchSize = 2_000;
    private const int CatchUpSize = 10_000;
    private const long PersistEvery = 50_000;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StandbyPoll = TimeSpan.FromMilliseconds(500);

    private readonly ShardProgress progress = new(options.Schema, projection.Name);
    private readonly LogPages pages = new(options.Schema, types, projection.Types);
    private readonly IReadOnlyList<string> wanted = types.WithOlder(projection.Types);
    private readonly RisingPosition position = new();
    private readonly SemaphoreSlim wake = new(0, 1);
    private volatile ShardState state = ShardState.Standby;
    private volatile bool rebuilding;
    private volatile bool lookForLate = true;
    private volatile string? reason;
    private long caughtUpAt = options.WallClock.GetUtcNow().UtcTicks;

    /// <summary>Progress row's position as this shard believes it to be.</summary>
    private long floor;
    private long floorAt;
    private int limit = CatchUpSize;
    private bool inBatchesOnly;
    private long limitedThrough;

    /// <summary>Name of the projection.</summary>
    public string Name => projection.Name;

    /// <summary>What it folds.</summary>
    public IProjection Projection => projection;

    /// <summary>Its health now.</summary>
    public ShardHealth Health()
    {
        var (reached, ceiling) = (position.Current, mark.Current);
        var lag = reached >= ceiling ? 0 : (options.WallClock.GetUtcNow().UtcTicks - Volatile.Read(ref caughtUpAt)) / (double)TimeSpan.TicksPerSecond;
        return new(Name, rebuilding ? ShardState.Rebuilding : state, reached, ceiling, Math.Max(0, lag), reason);
    }

    /// <summary>Waits until it has folded through a position.</summary>
    public ValueTask<long> WaitThroughAsync(long sequence, CancellationToken cancel) => position.WaitPastAsync(sequence - 1, cancel);

    /// <summary>Says that the mark rose, or that an event came too late.</summary>
    public void Wake(bool late = false)
    {
        if (late) lookForLate = true;
        try
        {
            wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake or about to be.
        }
    }

    /// <summary>To be called when it does not run any more.</summary>
    public void Dispose() => wake.Dispose();

    /// <summary>Nothing moves any more, and why.</summary>
    public void Abandon(Exception cause)
    {
        (state, reason) = (ShardState.Stopped, cause.Message);
        position.Fail(new ShardStoppedException(Name, cause.Message, cause));
    }

    /// <summary>Runs until cancelled: waits for the lock, leads, starts over after an outage.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        var backOff = new BackOff();
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancel);
                backOff.Reset();
                await StandByAsync(connection, cancel);
                try
                {
                    await LeadAsync(connection, cancel);
                }
                finally
                {
                    await LetGoAsync(connection);
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (ShardFencedException e)
            {
                (state, reason) = (ShardState.Standby, e.Message);
            }
            catch (Exception e) when (Outage.Is(e))
            {
                (state, reason) = (ShardState.Standby, $"The database is away: {e.Message} Trying again.");
                await backOff.WaitAsync(cancel);
            }
        }
    }

    private async Task StandByAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        while (!await progress.TryLeadAsync(connection, cancel))
        {
            state = ShardState.Standby;
            Reached(await progress.ReadAsync(connection, cancel));
            await Task.Delay(StandbyPoll, cancel);
        }
    }

    private async Task LeadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await progress.EnsureAsync(connection, cancel);
        floor = await progress.ReadAsync(connection, cancel);
        (floorAt, lookForLate, state) = (Environment.TickCount64, true, ShardState.Running);
        Reached(floor);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (lookForLate && await LateAsync(connection, cancel) is { } late)
            {
                await StayStoppedAsync(connection, $"{late}. Rebuild the projection to fold it in.", null, cancel);
                continue;
            }
            var ceiling = mark.Current;
            var reached = position.Current;
            if (reached >= ceiling)
            {
                if (!await wake.WaitAsync(Tick, cancel)) await TickAsync(connection, cancel);
            }
            else if (!inBatchesOnly && catchUp.IsDue(floor, ceiling))
            {
                await CatchUpAsync(connection, cancel);
            }
            else if (recent.MayHold(reached, ceiling, wanted))
            {
                reason = null;
                if (ceiling - reached < CatchUpSize && RestOfPause() is > 0 and var rest) await Task.Delay(rest, cancel);
                else await FoldAsync(connection, ceiling, cancel);
            }
            else
            {
                Reached(ceiling);
                if (ceiling - floor > PersistEvery) await FoldAsync(connection, ceiling, cancel);
            }
        }
    }

    /// <summary>Milliseconds until the projection wants its next batch.</summary>
    private int RestOfPause() => (int)(projection.BatchEvery.TotalMilliseconds - (Environment.TickCount64 - floorAt));

    /// <summary>Far behind, most of the log unread: one fold in memory costs less than hundreds of batches that rewrite the same rows.</summary>
    private async Task CatchUpAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        rebuilding = true;
        try
        {
            await catchUp.RunAsync(projection, cancel);
        }
        catch (Exception e) when (e is not OperationCanceledException && !Outage.Is(e))
        {
            inBatchesOnly = true; // batches find the event that is to blame, fold all that is before it, and stop there
        }
        finally
        {
            rebuilding = false;
        }
        floor = await progress.ReadAsync(connection, cancel);
        Reached(floor);
    }

    /// <summary>Once a second without news: lateness, and the progress row behind a stretch that held nothing for this shard.</summary>
    private async Task TickAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        lookForLate = true;
        if (floor < position.Current && Environment.TickCount64 - floorAt >= Tick.TotalMilliseconds)
            await FoldAsync(connection, position.Current, cancel);
    }

    private async Task<string?> LateAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        lookForLate = false;
        (var late, rebuilding) = await progress.AskAsync(connection, cancel);
        return late;
    }

    /// <summary>Folds one batch; a batch that cannot be folded is halved until the event that is to blame stands alone.</summary>
    private async Task FoldAsync(NpgsqlConnection connection, long ceiling, CancellationToken cancel)
    {
        var size = position.Current < limitedThrough ? limit : ceiling - floor > BatchSize ? CatchUpSize : BatchSize;
        IReadOnlyList<RecordedEvent>? page = null;
        try
        {
            long through;
            await using (var transaction = await connection.BeginTransactionAsync(cancel))
            {
                page = await ReadPageAsync(connection, transaction, ceiling, size, cancel);
                through = page.Count < size ? ceiling : page[^1].Sequence;
                using var span = StartSpan(page);
                if (page.Count > 0) await projection.ApplyAsync(page, connection, transaction, cancel);
                if (!await progress.MoveAsync(connection, floor, through, cancel)) throw new ShardFencedException(Name, floor, null);
                await transaction.CommitAsync(cancel);
            }
            (floor, floorAt) = (through, Environment.TickCount64);
            Reached(through);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ShardFencedException) && !Outage.Is(e))
        {
            if (size > 1 && page is not { Count: 1 })
            {
                (limit, limitedThrough) = (Math.Max(1, (page?.Count ?? size) / 2), Math.Max(limitedThrough, page is { Count: > 0 } ? page[^1].Sequence : ceiling));
                return;
            }
            var culprit = page is { Count: 1 } ? $"event {page[0].Sequence} of stream '{page[0].StreamId}', type '{page[0].Type}'" : $"the event after position {floor}";
            await StayStoppedAsync(connection, $"{culprit} cannot be folded: {e.GetType().Name}: {e.Message}", e, cancel);
        }
    }

    private Activity? StartSpan(IReadOnlyList<RecordedEvent> page) => page.Count == 0 || !EventStoreTelemetry.Activities.HasListeners()
        ? null
        : Spans.Start(
            "project", ActivityKind.Consumer, page.Select(e => TraceHeader.Parse(e.TraceParent)),
            new("recs.projection", Name), new("recs.events", page.Count), new("recs.sequence", page[^1].Sequence));

    private async Task<IReadOnlyList<RecordedEvent>> ReadPageAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, long ceiling, int size, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { progress.LockStatement(), pages.Statement(floor, ceiling, size, EventStoreTelemetry.Activities.HasListeners()) } };
        await batch.PrepareAsync(cancel); // once per connection
        await using var row = await batch.ExecuteReaderAsync(cancel);
        var found = await row.ReadAsync(cancel) ? row.GetInt64(0) : (long?)null;
        if (found != floor) throw new ShardFencedException(Name, floor, found);
        await row.NextResultAsync(cancel);
        return await pages.ReadAsync(row, cancel);
    }

    /// <summary>Holds the lock and waits until a rebuild moved the progress row and cleared what came too late.</summary>
    private async Task StayStoppedAsync(NpgsqlConnection connection, string why, Exception? cause, CancellationToken cancel)
    {
        (state, reason) = (ShardState.Stopped, why);
        position.Fail(new ShardStoppedException(Name, why, cause));
        var since = floor;
        while (true)
        {
            await wake.WaitAsync(Tick, cancel);
            (var late, rebuilding) = await progress.AskAsync(connection, cancel);
            var now = await progress.ReadAsync(connection, cancel);
            if (late is not null || (cause is not null && now == since)) continue;
            (floor, floorAt, state, reason) = (now, Environment.TickCount64, ShardState.Running, null);
            Reached(now);
            return;
        }
    }

    private void Reached(long sequence)
    {
        if (sequence >= mark.Current) Volatile.Write(ref caughtUpAt, options.WallClock.GetUtcNow().UtcTicks);
        position.Set(sequence);
    }

    /// <summary>A pooled connection keeps its locks until somebody uses it again, so they are given back by hand.</summary>
    private static async Task LetGoAsync(NpgsqlConnection connection)
    {
        if (connection.FullState != System.Data.ConnectionState.Open) return;
        try
        {
            await using var unlock = new NpgsqlCommand("select pg_advisory_unlock_all()", connection);
            await unlock.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (Exception e) when (Outage.Is(e))
        {
            // The session is gone, and its locks with it: that is what was wanted.
        }
    }
}

/// <summary>The progress row is not where this node left it: somebody else moved it (a rebuild, or a node that took over).</summary>
internal sealed class ShardFencedException(string name, long believed, long? found)
    : Exception($"Projection '{name}' was fenced: its progress row was left at {believed} and is {(found is { } f ? $"at {f}" : "elsewhere")} now. Starting over from there.");
