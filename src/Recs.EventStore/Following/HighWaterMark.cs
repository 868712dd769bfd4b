using Npgsql;

namespace Recs.EventStore.Following;

/// <summary>An event that turned up at a number that had been passed as gone (Marten's Rich mode can do that).</summary>
public readonly record struct LateEvent(long Sequence);

/// <summary>
/// Follows the log's safe ceiling: no transaction can still fill a number at or below it. One per process; wakes by LISTEN/NOTIFY, by
/// <see cref="Nudge"/> from this process's appender, and by polling as the fallback.
/// </summary>
public sealed class HighWaterMark(NpgsqlDataSource source, EventStoreOptions options) : IAsyncDisposable
{
    /// <summary>Starts following; completes once the mark of the start is known.</summary>
    public Task StartAsync(CancellationToken cancel = default) => throw new NotImplementedException();
    /// <summary>The safe ceiling now.</summary>
    public long Current => throw new NotImplementedException();
    /// <summary>Says that this process committed something.</summary>
    public void Nudge(long sequence) => throw new NotImplementedException();
    /// <summary>Waits until the mark is past <paramref name="sequence"/> (strictly greater); returns the mark.</summary>
    public ValueTask<long> WaitPastAsync(long sequence, CancellationToken cancel = default) => throw new NotImplementedException();
    /// <summary>Raised for each event found at a number that had been passed as gone.</summary>
    public event Action<LateEvent>? Late;
    /// <summary>Stops following.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
    private readonly (NpgsqlDataSource, EventStoreOptions) _ = (source, options);
}
