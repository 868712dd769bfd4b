namespace Recs.Queries.Serving;

/// <summary>Requests that wait for log positions, the nearest first. Bounded, since anybody may ask for a position that is far away.</summary>
internal sealed class PositionWaiters
{
    /// <summary>Most that wait at once.</summary>
    public const int Most = 10_000;

    private readonly Lock _gate = new();
    private readonly SortedSet<Waiter> _waiters = new(Comparer<Waiter>.Create((a, b) => (a.Sequence, a.Ticket).CompareTo((b.Sequence, b.Ticket))));
    private long _tickets;

    /// <summary>One request.</summary>
    /// <param name="Sequence">The position that it waits for.</param>
    /// <param name="Ticket">Tells it from others that wait for the same.</param>
    internal sealed record Waiter(long Sequence, long Ticket)
    {
        private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Completes when it is released.</summary>
        public Task Arrived => _arrived.Task;

        /// <summary>Lets it go on.</summary>
        public void Release() => _arrived.TrySetResult();
    }

    /// <summary>How many wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _waiters.Count;
        }
    }

    /// <summary>Lets a request wait for a position; null if too many wait already.</summary>
    public Waiter? Add(long sequence)
    {
        lock (_gate)
        {
            if (_waiters.Count >= Most)
                return null;
            var waiter = new Waiter(sequence, ++_tickets);
            _waiters.Add(waiter);
            return waiter;
        }
    }

    /// <summary>Takes a request out, whether it was released or not.</summary>
    public void Remove(Waiter waiter)
    {
        lock (_gate)
            _waiters.Remove(waiter);
    }

    /// <summary>Releases all that wait for a position up to <paramref name="through"/>.</summary>
    public void Release(long through)
    {
        lock (_gate)
            while (_waiters.Min is { } nearest && nearest.Sequence <= through)
            {
                nearest.Release();
                _waiters.Remove(nearest);
            }
    }
}
