using Npgsql;

namespace Recs.EventStore.Appending;

/// <summary>Appends with group commit: concurrent small appends share one statement and one commit.</summary>
public sealed class EventAppender : IAsyncDisposable
{
    /// <summary>Starts the writers.</summary>
    /// <param name="source">Database.</param>
    /// <param name="options">Store.</param>
    /// <param name="writers">Connections that commit side by side.</param>
    /// <param name="queueCapacity">Appends that may wait; past it <see cref="AppendAsync"/> waits (push-back instead of growth).</param>
    public EventAppender(NpgsqlDataSource source, EventStoreOptions options, int writers = 2, int queueCapacity = 4096) => throw new NotImplementedException();

    /// <summary>Raised with the highest sequence of each commit of this process, to wake followers without a round trip.</summary>
    public event Action<long>? Appended;

    /// <summary>Appends; completes once the commit is durable.</summary>
    /// <exception cref="ConcurrencyException">A stream was not at its expected version; nothing of the request was stored.</exception>
    /// <exception cref="StreamArchivedException">A stream is archived.</exception>
    /// <exception cref="DuplicateEventException">An event id is in the log already.</exception>
    public ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancel = default) => throw new NotImplementedException();

    /// <summary>Finishes what was accepted, then stops.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
