namespace Recs.EventStore.Importing;

/// <summary>A range's place behind the one before it: numbers are drawn in order, and transactions end in order.</summary>
internal sealed class RangeTurn
{
    private readonly TaskCompletionSource drawn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource committed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The turn behind another, or the first.</summary>
    public RangeTurn(RangeTurn? before = null)
    {
        BeforeDrawn = before?.drawn.Task ?? Task.CompletedTask;
        BeforeCommitted = before?.committed.Task ?? Task.CompletedTask;
    }

    /// <summary>Ends when the range before has its numbers; fails if it never will.</summary>
    public Task BeforeDrawn { get; }

    /// <summary>Ends when the range before is committed; fails if it never will be.</summary>
    public Task BeforeCommitted { get; }

    /// <summary>Whether this range is committed.</summary>
    public bool IsCommitted => committed.Task.IsCompletedSuccessfully;

    /// <summary>This range has its numbers.</summary>
    public void Drawn() => drawn.TrySetResult();

    /// <summary>This range is committed.</summary>
    public void Committed() => committed.TrySetResult();

    /// <summary>This range failed, and so do all behind it.</summary>
    public void Fail(Exception e)
    {
        drawn.TrySetException(e);
        committed.TrySetException(e);
        // Nobody may stand behind the last range; its own task carries the exception to whoever runs the import.
        _ = drawn.Task.Exception;
        _ = committed.Task.Exception;
    }
}
