using System.Diagnostics;
using Npgsql;
using Recs.EventStore.Telemetry;

namespace Recs.EventStore.Appending;

/// <summary>
/// Appends with group commit: concurrent small appends share one statement and one commit, and each caller gets its own result. Appends to
/// one stream are stored in the order of their calls, awaited or not, however many writers there are.
/// </summary>
public sealed class EventAppender : IAsyncDisposable
{
    private const int MaxBatchEvents = 2000;
    private const int MaxBatchBytes = 4 << 20;

    private readonly AppendQueue queue;
    private readonly CommitNotifications notifications;
    private readonly Task writing;

    /// <summary>Starts the writers.</summary>
    /// <param name="source">Database. Each writer keeps one of its connections; one more wakes other processes.</param>
    /// <param name="options">Store.</param>
    /// <param name="writers">Connections that commit side by side.</param>
    /// <param name="queueCapacity">Appends that may wait; past it <see cref="AppendAsync"/> waits (push-back instead of growth).</param>
    public EventAppender(NpgsqlDataSource source, EventStoreOptions options, int writers = 2, int queueCapacity = 4096)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(writers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(queueCapacity, 1);
        queue = new(queueCapacity, MaxBatchEvents, MaxBatchBytes);
        notifications = new(source);
        var marks = new LogTimeMarks();
        writing = Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(async () =>
        {
            await using var writer = new LogWriter(source, options, queue, marks, OnCommitted);
            await writer.RunAsync();
        })));
    }

    /// <summary>Raised with the highest sequence of each commit of this process, to wake followers without a round trip. Handlers are quick and do not throw.</summary>
    public event Action<long>? Appended;

    /// <summary>Appends; completes once the commit is durable.</summary>
    /// <param name="request">All of it is stored, or nothing.</param>
    /// <param name="cancel">Withdraws the append as long as no writer has taken it; afterwards the result stands.</param>
    /// <exception cref="ConcurrencyException">A stream was not at its expected version; nothing of the request was stored.</exception>
    /// <exception cref="StreamArchivedException">A stream is archived.</exception>
    /// <exception cref="DuplicateEventException">An event id is in the log already.</exception>
    /// <exception cref="AppendOutcomeUnknownException">The connection was lost at the commit and the log could not be asked.</exception>
    /// <exception cref="PostgresException">A side row, or a body that is not JSON, was refused by the database.</exception>
    /// <exception cref="NpgsqlException">The database cannot be reached; nothing was stored.</exception>
    public ValueTask<AppendResult> AppendAsync(AppendRequest request, CancellationToken cancel = default) => new(OutcomeAsync(Enqueue(request, cancel), cancel));

    /// <summary>
    /// Hands an append over without waiting for its commit: completes once the queue has room for it, with the task of its outcome. For producers
    /// that keep many appends under way, and are slowed down when the log is.
    /// </summary>
    /// <param name="request">All of it is stored, or nothing.</param>
    /// <param name="cancel">Withdraws the append as long as no writer has taken it.</param>
    public async ValueTask<Task<AppendResult>> OfferAsync(AppendRequest request, CancellationToken cancel = default)
    {
        var append = Enqueue(request, cancel);
        var outcome = OutcomeAsync(append, cancel);
        await append.Accepted;
        return outcome;
    }

    /// <summary>Finishes what was accepted, then stops.</summary>
    /// <exception cref="OutOfMemoryException">A writer had ended for want of memory; since then nothing was accepted.</exception>
    public async ValueTask DisposeAsync()
    {
        queue.Complete();
        try
        {
            await writing;
        }
        finally
        {
            await notifications.DisposeAsync();
        }
    }

    private PendingAppend Enqueue(AppendRequest request, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var caller = Activity.Current;
        var span = EventStoreTelemetry.Activities.StartActivity("append");
        if (span is not null) Activity.Current = caller; // it ends with the append's outcome; what the caller does meanwhile is not part of it
        try
        {
            var append = new PendingAppend(request, span);
            span?.SetTag("recs.events", append.Events);
            queue.Add(append);
            return append;
        }
        catch
        {
            span?.Dispose();
            throw;
        }
    }

    private async Task<AppendResult> OutcomeAsync(PendingAppend append, CancellationToken cancel)
    {
        using var span = append.Span;
        await using var withdrawal = cancel.UnsafeRegister(_ =>
        {
            if (append.TryWithdraw(cancel)) queue.Remove(append);
        }, null);
        try
        {
            return await append.Outcome;
        }
        catch (Exception e)
        {
            span?.SetStatus(ActivityStatusCode.Error, e.GetType().Name);
            throw;
        }
    }

    private void OnCommitted(long sequence)
    {
        notifications.Post(sequence);
        Appended?.Invoke(sequence);
    }
}
