namespace Recs.EventStore.Following;

/// <summary>A log position that many wait on. Safe for many threads.</summary>
internal sealed class RisingPosition
{
    private readonly Lock gate = new();
    private long current;
    private Exception? failure;
    private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The position now.</summary>
    public long Current => Volatile.Read(ref current);

    /// <summary>Sets the position (a rebuild may set it back) and forgets a failure; wakes all who wait.</summary>
    public void Set(long position) => Change(position, null);

    /// <summary>Nothing will move until further notice: whoever waits, or begins to, gets the exception.</summary>
    public void Fail(Exception reason) => Change(Current, reason);

    /// <summary>Waits until the position is greater than <paramref name="sequence"/>; returns it.</summary>
    public async ValueTask<long> WaitPastAsync(long sequence, CancellationToken cancel)
    {
        while (true)
        {
            Task changed;
            lock (gate)
            {
                if (current > sequence) return current;
                if (failure is not null) throw failure;
                changed = next.Task;
            }
            await changed.WaitAsync(cancel);
        }
    }

    private void Change(long position, Exception? reason)
    {
        TaskCompletionSource changed;
        lock (gate)
        {
            if (position == current && reason == failure) return;
            Volatile.Write(ref current, position);
            failure = reason;
            (changed, next) = (next, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        changed.SetResult();
    }
}
