namespace Recs.Kafka.Tests.SchemaRegistry;

/// <summary>A clock whose timers ring a hundred times too early, so that nobody has to wait for a pause, and which can be put forward.</summary>
internal sealed class HastyClock : TimeProvider
{
    private long forward;

    public override long GetTimestamp() => System.GetTimestamp() + Volatile.Read(ref forward);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / 100 : dueTime, period);

    /// <summary>Puts it forward.</summary>
    public void Pass(TimeSpan time) => Interlocked.Add(ref forward, (long)(time.TotalSeconds * System.TimestampFrequency));
}
