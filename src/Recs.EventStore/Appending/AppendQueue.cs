using Recs.EventStore.Telemetry;

namespace Recs.EventStore.Appending;

/// <summary>
/// The appends that wait for a writer, in the order of their calls, and the rule which of them a writer may take: a stream is in flight on one
/// writer only, and nobody overtakes an earlier append to the same stream. So appends to one stream land in the order of their calls however
/// many writers there are, and writers never wait for each other's row locks.
/// </summary>
/// <param name="capacity">Appends with a place; later ones wait to be accepted, in order.</param>
/// <param name="maxEvents">Events per batch; a larger append gets a batch of its own.</param>
/// <param name="maxBytes">Bytes of bodies per batch; likewise.</param>
internal sealed class AppendQueue(int capacity, int maxEvents, int maxBytes)
{
    /// <summary>How far a writer looks past appends that it may not take: bounds the work under the lock when one stream is hot.</summary>
    private const int MaxPassedOver = 1024;

    private readonly Lock gate = new();
    private readonly LinkedList<PendingAppend> queue = [];
    private readonly Queue<PendingAppend> unaccepted = [];
    /// <summary>Streams that a writer has, with the number of its batch.</summary>
    private readonly Dictionary<string, long> inFlight = new(StringComparer.Ordinal);
    private readonly Queue<TaskCompletionSource> idleWriters = [];
    private long batches;
    private bool completed;

    /// <summary>Puts an append at the end.</summary>
    /// <exception cref="ObjectDisposedException">The appender is stopping.</exception>
    public void Add(PendingAppend append)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(completed, typeof(EventAppender));
            if (queue.Count < capacity && unaccepted.Count == 0) Place(append);
            else unaccepted.Enqueue(append);
            WakeOne();
        }
    }

    /// <summary>Lets go of a withdrawn append.</summary>
    public void Remove(PendingAppend append)
    {
        lock (gate)
        {
            if (queue.Remove(append)) AppendInstruments.QueueDepth.Add(-1);
            AcceptWaiting();
            WakeOne();
        }
    }

    /// <summary>Refuses further appends; writers finish what is there and then get null.</summary>
    public void Complete()
    {
        lock (gate)
        {
            completed = true;
            while (idleWriters.TryDequeue(out var writer)) writer.TrySetResult();
        }
    }

    /// <summary>Refuses further appends and gives up those that no writer has taken.</summary>
    /// <returns>Those given up, for the caller to fail.</returns>
    public IReadOnlyList<PendingAppend> Abandon()
    {
        lock (gate)
        {
            PendingAppend[] left = [.. queue, .. unaccepted];
            AppendInstruments.QueueDepth.Add(-queue.Count);
            queue.Clear();
            unaccepted.Clear();
            Complete();
            foreach (var append in left) append.Accept();
            return left;
        }
    }

    /// <summary>The next batch, in queue order, once there is one; null when the queue is complete and empty.</summary>
    public async ValueTask<IReadOnlyList<PendingAppend>?> TakeAsync()
    {
        while (true)
        {
            Task woken;
            lock (gate)
            {
                if (Take() is { Count: > 0 } batch) return batch;
                if (completed && queue.Count == 0 && unaccepted.Count == 0)
                {
                    WakeOne();
                    return null;
                }

                var idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                idleWriters.Enqueue(idle);
                woken = idle.Task;
            }

            await woken;
        }
    }

    /// <summary>The batch has its outcome: its streams are free again.</summary>
    public void Release(IReadOnlyList<PendingAppend> batch)
    {
        lock (gate)
        {
            foreach (var append in batch)
            {
                foreach (var stream in append.Streams) inFlight.Remove(stream);
            }

            WakeOne();
        }
    }

    private List<PendingAppend> Take()
    {
        var batch = new List<PendingAppend>();
        var number = ++batches;
        // Streams of this batch of which a version is expected, and streams whose next append stays behind.
        HashSet<string> expecting = new(StringComparer.Ordinal), passedOver = new(StringComparer.Ordinal);
        long events = 0, bytes = 0;
        var skipped = 0;
        for (var node = queue.First; node is not null && skipped < MaxPassedOver;)
        {
            var (append, here) = (node.Value, node);
            node = node.Next;
            var fits = MayJoin(append, number, expecting, passedOver);
            if (fits && batch.Count > 0)
            {
                if (events + append.Events > maxEvents || bytes + append.Bytes > maxBytes) break;
                fits = !append.Alone;
            }

            if (!fits)
            {
                passedOver.UnionWith(append.Streams);
                skipped++;
                continue;
            }

            queue.Remove(here);
            AppendInstruments.QueueDepth.Add(-1);
            if (!append.TryTake()) continue;
            batch.Add(append);
            foreach (var stream in append.Streams) inFlight[stream] = number;
            if (append.HasExpectation) expecting.UnionWith(append.Streams);
            events += append.Events;
            bytes += append.Bytes;
            if (append.Alone) break;
        }

        AcceptWaiting();
        if (batch.Count > 0) WakeOne();
        return batch;
    }

    private bool MayJoin(PendingAppend append, long batch, HashSet<string> expecting, HashSet<string> passedOver)
    {
        foreach (var stream in append.Streams)
        {
            if (passedOver.Count > 0 && passedOver.Contains(stream)) return false;
            if (!inFlight.TryGetValue(stream, out var holder)) continue;
            // Two appends to one stream share a batch only when neither expects a version: else one's refusal would take the other along.
            if (holder != batch || append.HasExpectation || expecting.Contains(stream)) return false;
        }

        return true;
    }

    private void AcceptWaiting()
    {
        while (queue.Count < capacity && unaccepted.TryDequeue(out var append)) Place(append);
    }

    private void Place(PendingAppend append)
    {
        queue.AddLast(append);
        AppendInstruments.QueueDepth.Add(1);
        append.Accept();
    }

    /// <summary>Each change wakes at most one writer; one that takes something wakes the next, so all wake when there is work for all.</summary>
    private void WakeOne()
    {
        if ((queue.Count > 0 || completed) && idleWriters.TryDequeue(out var writer)) writer.TrySetResult();
    }
}
