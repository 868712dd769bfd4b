using System.Diagnostics;
using Recs.EventStore.Telemetry;

namespace Recs.EventStore.Appending;

/// <summary>An append between its call and its outcome.</summary>
internal sealed class PendingAppend
{
    private const int Queued = 0, Taken = 1, Withdrawn = 2;

    private readonly TaskCompletionSource accepted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<AppendResult> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int state = Queued;

    /// <param name="request">What to store.</param>
    /// <param name="span">Its span, which ends with the outcome; null if nobody listens.</param>
    /// <exception cref="ArgumentException">The request cannot be stored whatever the log holds.</exception>
    public PendingAppend(AppendRequest request, Activity? span = null)
    {
        (Request, Span) = (request, span);
        var origin = span ?? Activity.Current;
        (Caller, TraceParent) = (origin?.Context ?? default, TraceHeader.Of(origin));
        var streams = new HashSet<string>(request.Streams.Count, StringComparer.Ordinal);
        foreach (var append in request.Streams)
        {
            var expects = append.Expected != ExpectedVersion.Any;
            if (string.IsNullOrEmpty(append.StreamId))
                throw new ArgumentException("A stream append names no stream.", nameof(request));
            if (append.Events.Count == 0)
                throw new ArgumentException($"The append to stream '{append.StreamId}' holds no event.", nameof(request));
            if (!streams.Add(append.StreamId) && expects)
                throw new ArgumentException($"Stream '{append.StreamId}' occurs again with an expected version; only its first occurrence may have one.", nameof(request));
            HasExpectation |= expects;
            Events += append.Events.Count;
            for (var i = 0; i < append.Events.Count; i++) // by index: most parts hold one event, and an enumerator for each would be garbage
            {
                var e = append.Events[i];
                if (string.IsNullOrEmpty(e.Type)) throw new ArgumentException($"Event '{e.Id}' for stream '{append.StreamId}' has no type.", nameof(request));
                if (e.Data.IsEmpty) throw new ArgumentException($"Event '{e.Id}' for stream '{append.StreamId}' has no body.", nameof(request));
                Bytes += e.Data.Length + e.Headers.Length;
            }
        }

        Streams = streams;
        var sideRows = request.SideRows?.Count ?? 0;
        if (streams.Count + sideRows == 0) throw new ArgumentException("The append holds no event and no side row.", nameof(request));
        AllOrNothing = streams.Count > 1 || sideRows > 0;
    }

    public AppendRequest Request { get; }

    /// <summary>Distinct streams.</summary>
    public IReadOnlyCollection<string> Streams { get; }

    public int Events { get; }

    /// <summary>Bodies and headers.</summary>
    public int Bytes { get; }

    public bool HasExpectation { get; }

    /// <summary>Refusing one of its streams must undo the rest of it, and so the whole transaction.</summary>
    public bool AllOrNothing { get; }

    /// <summary>Its refusal is ordinary and would undo the others: it gets a transaction of its own.</summary>
    public bool Alone => HasExpectation && AllOrNothing;

    public long CalledAt { get; } = Stopwatch.GetTimestamp();

    public Activity? Span { get; }

    public ActivityContext Caller { get; }

    /// <summary>The trace that its events name in their headers; null if nobody records it.</summary>
    public string? TraceParent { get; }

    /// <summary>Done when the queue had room for it.</summary>
    public Task Accepted => accepted.Task;

    public Task<AppendResult> Outcome => outcome.Task;

    public void Accept() => accepted.TrySetResult();

    /// <summary>A writer takes it; from here on the outcome stands. False if its caller withdrew it before.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref state, Taken, Queued) == Queued;

    /// <summary>The caller cancels. False if a writer has it already.</summary>
    public bool TryWithdraw(CancellationToken cancel)
    {
        if (Interlocked.CompareExchange(ref state, Withdrawn, Queued) != Queued) return false;
        accepted.TrySetCanceled(cancel);
        outcome.TrySetCanceled(cancel);
        return true;
    }

    public void Succeed(AppendResult result) => outcome.TrySetResult(result);

    public void Fail(Exception reason)
    {
        accepted.TrySetException(reason);
        outcome.TrySetException(reason);
    }
}
