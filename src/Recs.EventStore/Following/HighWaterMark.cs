using Npgsql;

namespace Recs.EventStore.Following;

/// <summary>How the high-water mark fares.</summary>
/// <param name="Current">The safe ceiling.</param>
/// <param name="Trouble">Why it cannot be read now (the database is away), or null.</param>
/// <param name="WaitingFor">Transactions that hold numbers just above it and have not ended; null if none.</param>
/// <param name="Skipped">Numbers passed as gone since the start.</param>
public sealed record HighWaterHealth(long Current, string? Trouble, string? WaitingFor, long Skipped);

/// <summary>
/// Follows the log's safe ceiling: no transaction can still fill a number at or below it. One per process; wakes by LISTEN/NOTIFY, by
/// <see cref="Nudge"/> from this process's appender, and by polling as the fallback. Time decides only when it looks, never what it concludes.
/// It survives restarts of the server.
/// </summary>
public sealed class HighWaterMark(NpgsqlDataSource source, EventStoreOptions options) : IAsyncDisposable
{
    /// <summary>Its row in <c>mt_event_progression</c>.</summary>
    public const string ProgressName = "HighWaterMark";

    private const int NewestRanges = 256;
    private static readonly TimeSpan BusyPoll = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan IdlePoll = TimeSpan.FromSeconds(1);
    /// <summary>Looks are this far apart at least, so that a thousand commits a second do not cost a thousand looks.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly RisingPosition position = new();
    private readonly SemaphoreSlim wake = new(0, 1);
    private readonly CancellationTokenSource stop = new();
    private readonly LogEnd end = new(options.Schema, options.Clock);
    private readonly LateEvents lateEvents = new(options.Schema, options.Clock);
    private NpgsqlConnection? connection;
    private Task? following;
    private long persisted;
    private long persistedAt;
    private string? trouble;

    /// <summary>The safe ceiling now.</summary>
    public long Current => position.Current;

    /// <summary>How it fares.</summary>
    public HighWaterHealth Health
    {
        get
        {
            var waitingFor = end.WaitingFor;
            return new(Current, Volatile.Read(ref trouble), waitingFor.Count == 0 ? null : string.Join(", ", waitingFor), end.Skipped);
        }
    }

    /// <summary>Raised for each event found at a number that had been passed as gone.</summary>
    public event Action<LateEvent>? Late;

    /// <summary>Starts following; completes once the mark of the start is known.</summary>
    /// <exception cref="InvalidOperationException">The log ends before the mark of the last run: the database was set back.</exception>
    public async Task StartAsync(CancellationToken cancel = default)
    {
        if (following is not null) throw new InvalidOperationException("The high-water mark is followed already.");
        await ConnectAsync(cancel);
        await LookAsync(everyGap: true, cancel);
        following = Task.WhenAll(Task.Run(FollowAsync, cancel), new AppendListener(source, Wake).RunAsync(stop.Token));
    }

    /// <summary>Says that this process committed something.</summary>
    public void Nudge(long sequence)
    {
        if (sequence > Current) Wake();
    }

    /// <summary>Waits until the mark is past <paramref name="sequence"/> (strictly greater); returns the mark.</summary>
    public ValueTask<long> WaitPastAsync(long sequence, CancellationToken cancel = default) => position.WaitPastAsync(sequence, cancel);

    /// <summary>Stops following.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        if (following is not null) await following;
        if (connection is not null) await connection.DisposeAsync();
        connection = null;
        position.Fail(new ObjectDisposedException(nameof(HighWaterMark)));
    }

    private void Wake()
    {
        try
        {
            wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // A look is due already; it will see this append too.
        }
    }

    private async Task FollowAsync()
    {
        var backOff = new BackOff();
        var poll = BusyPoll;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var woken = await wake.WaitAsync(poll, stop.Token);
                if (connection is null) await ConnectAsync(stop.Token);
                var advanced = await LookAsync(everyGap: !woken, stop.Token);
                poll = end.WaitingFor.Count > 0 ? NextWhileWaiting(poll, advanced) : advanced ? BusyPoll : IdlePoll;
                backOff.Reset();
                Volatile.Write(ref trouble, null);
                if (woken) await Task.Delay(Pause, stop.Token);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (Outage.Is(e))
            {
                Volatile.Write(ref trouble, $"The log cannot be read: {e.Message} Trying again.");
                await DisconnectAsync();
                await backOff.WaitAsync(stop.Token);
            }
            catch (Exception e)
            {
                // Not an outage but a mistake (a missing table, a database set back): nobody who waits may wait forever.
                Volatile.Write(ref trouble, e.Message);
                position.Fail(e);
                return;
            }
        }
        await PersistAtStopAsync();
    }

    /// <summary>A rollback sends no notification: at a gap look again soon, then less and less often.</summary>
    private static TimeSpan NextWhileWaiting(TimeSpan last, bool advanced)
        => advanced || last > BusyPoll ? TimeSpan.FromMilliseconds(4) : last * 2 < BusyPoll ? last * 2 : BusyPoll;

    private async Task ConnectAsync(CancellationToken cancel)
    {
        connection = await source.OpenConnectionAsync(cancel);
        var (proven, lastDrawn) = await end.ReadAsync(connection, cancel);
        var known = Math.Max(proven, Current);
        if (known > lastDrawn)
        {
            throw new InvalidOperationException(
                $"The log of schema '{options.Schema}' has given out numbers up to {lastDrawn}, but it had been followed through {known}. The database was set back, "
                + $"by a restored backup or by commits lost in a crash. Delete the rows of {options.Schema}.recs_high_water, {options.Schema}.recs_gaps and "
                + $"{options.Schema}.mt_event_progression, then rebuild every projection.");
        }
        position.Set(known);
    }

    private async Task DisconnectAsync()
    {
        if (connection is not null) await connection.DisposeAsync();
        connection = null;
    }

    /// <summary>One look at the log's end and at the passed ranges; true if the mark rose.</summary>
    private async Task<bool> LookAsync(bool everyGap, CancellationToken cancel)
    {
        var before = Current;
        var (mark, onDisk) = await end.AdvanceAsync(connection!, before, cancel);
        if (onDisk && mark > before) persisted = mark;
        position.Set(mark);

        foreach (var late in await lateEvents.FindAsync(connection!, everyGap ? int.MaxValue : NewestRanges, cancel))
            if (await lateEvents.RecordAsync(connection!, late, cancel) && late.Type != Reading.EventReader.Tombstone)
                Late?.Invoke(late);

        // The mark can be found again from an older one, so writing it down may wait; a commit per append would not pay.
        if (mark > persisted && Environment.TickCount64 - persistedAt >= 1000) await PersistAsync(mark, cancel);
        return mark > before;
    }

    private async Task PersistAsync(long mark, CancellationToken cancel)
    {
        await end.PersistAsync(connection!, mark, cancel);
        (persisted, persistedAt) = (mark, Environment.TickCount64);
    }

    private async Task PersistAtStopAsync()
    {
        try
        {
            if (connection is not null && Current > persisted) await PersistAsync(Current, CancellationToken.None);
        }
        catch (Exception e) when (Outage.Is(e))
        {
            Volatile.Write(ref trouble, $"The mark was not written down: {e.Message} The next start finds it again from an older one.");
        }
    }
}
