namespace Recs.Host.Tests.Securing;

/// <summary>A clock that stands still until it is moved, and is read by many threads.</summary>
internal sealed class TestClock : TimeProvider
{
    private long ticks = new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref ticks), TimeSpan.Zero);

    public override long GetTimestamp() => Volatile.Read(ref ticks);

    public void Pass(TimeSpan time) => Interlocked.Add(ref ticks, time.Ticks);

    public void Pass(double seconds) => Pass(TimeSpan.FromSeconds(seconds));
}
