namespace Recs.Training.Evaluating.Costs;

/// <summary>Lets work begin as long as the estimates of what runs stay within a bound. What is over the bound by itself runs alone.</summary>
/// <param name="bound">Bytes.</param>
internal sealed class MemoryGate(long bound)
{
    private readonly object _gate = new();
    private long _taken;
    private int _running;

    /// <summary>Waits for room.</summary>
    /// <param name="bytes">Estimate of the work.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <returns>Disposing it gives the room back.</returns>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public IDisposable Enter(long bytes, CancellationToken cancel)
    {
        using var awake = cancel.Register(() =>
        {
            lock (_gate)
                Monitor.PulseAll(_gate);
        });
        lock (_gate)
        {
            while (_running > 0 && _taken + bytes > bound)
            {
                cancel.ThrowIfCancellationRequested();
                Monitor.Wait(_gate);
            }

            cancel.ThrowIfCancellationRequested();
            (_taken, _running) = (_taken + bytes, _running + 1);
        }

        return new Room(this, bytes);
    }

    private void Leave(long bytes)
    {
        lock (_gate)
        {
            (_taken, _running) = (_taken - bytes, _running - 1);
            Monitor.PulseAll(_gate);
        }
    }

    private sealed class Room(MemoryGate gate, long bytes) : IDisposable
    {
        public void Dispose() => gate.Leave(bytes);
    }
}
