using System.Diagnostics;

namespace Recs.Postgres;

/// <summary>A moment on the monotonic clock until which a condition of another process is polled.</summary>
internal readonly struct Deadline
{
    private readonly long end;

    private Deadline(long end) => this.end = end;

    public static Deadline In(TimeSpan span) => new(Stopwatch.GetTimestamp() + (long)(span.TotalSeconds * Stopwatch.Frequency));

    public bool HasPassed => Stopwatch.GetTimestamp() >= end;

    /// <summary>Between two looks at something that only another process can change.</summary>
    public static Task PauseAsync(CancellationToken cancel) => Task.Delay(TimeSpan.FromMilliseconds(20), cancel);
}
