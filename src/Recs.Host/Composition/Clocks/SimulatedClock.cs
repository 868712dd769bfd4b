namespace Recs.Host.Composition.Clocks;

/// <summary>
/// The clock of everything that the domain says and decides while a log lives in a simulated time: moments and timers follow that time. Timestamps do not, they
/// are the machine's stopwatch, for latencies, ages of caches and waits of callers who live in real time.
/// </summary>
internal sealed class SimulatedClock : TimeProvider
{
    /// <summary>Timers of the machine are no finer.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private readonly TimeSpan before;
    private readonly long begun;
    private readonly TimeProvider real;

    /// <summary>Starts to show the time.</summary>
    /// <param name="time">Which.</param>
    /// <param name="elapsed">Real time since its beginning.</param>
    /// <param name="real">The real clock; from here on its stopwatch counts, so that a correction of the machine's clock moves nothing.</param>
    public SimulatedClock(SimulatedTime time, TimeSpan elapsed, TimeProvider real)
    {
        (Time, before, this.real) = (time, elapsed, real);
        begun = real.GetTimestamp();
    }

    /// <summary>The time that it shows.</summary>
    public SimulatedTime Time { get; }

    public override long TimestampFrequency => real.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => Time.After(before + real.GetElapsedTime(begun));

    public override long GetTimestamp() => real.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => new ScaledTimer(real.CreateTimer(callback, state, Real(dueTime), Real(period)), this);

    private TimeSpan Real(TimeSpan simulated)
        => simulated <= TimeSpan.Zero ? simulated : Time.Real(simulated) is var span && span > Shortest ? span : Shortest; // none and never stay what they are

    private sealed class ScaledTimer(ITimer timer, SimulatedClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Real(dueTime), clock.Real(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
