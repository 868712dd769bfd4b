using System.Globalization;

namespace Recs.Host.Composition.Clocks;

/// <summary>A time that begins somewhere and runs faster than the real one.</summary>
/// <param name="Start">Where it begins, from 1970 to 2100.</param>
/// <param name="Speed">Simulated seconds per real second, 1 to 100,000.</param>
internal sealed record SimulatedTime(DateTimeOffset Start, double Speed)
{
    /// <summary>Slowest and fastest; at the fastest a day goes by in less than a second.</summary>
    public const double Slowest = 1, Fastest = 100_000;

    private static readonly DateTimeOffset Earliest = DateTimeOffset.UnixEpoch, Latest = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Where it stands still: clocks that were left running forever shall not overflow what is computed from them.</summary>
    private static readonly DateTimeOffset End = new(9000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The moment that it shows after so much real time.</summary>
    public DateTimeOffset After(TimeSpan real)
        => real <= TimeSpan.Zero ? Start : real.Ticks * Speed >= (End - Start).Ticks ? End : Start.AddTicks((long)(real.Ticks * Speed));

    /// <summary>How much real time goes by in so much of it.</summary>
    public TimeSpan Real(TimeSpan simulated) => simulated / Speed;

    /// <summary>As <see cref="TryParse"/> reads it.</summary>
    public override string ToString() => $"{Text(Start)}@{Speed.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>A moment as the command line takes it, in UTC.</summary>
    public static string Text(DateTimeOffset moment)
        => moment.UtcDateTime.ToString(moment.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads <c>START@SPEED</c>, such as <c>2015-01-01T00:00:00Z@1000</c>; a start without a zone is in UTC.</summary>
    public static bool TryParse(string text, out SimulatedTime time)
    {
        time = new(Earliest, Slowest);
        if (text.Split('@') is not [var start, var speed]
            || !DateTimeOffset.TryParse(start, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var from)
            || !double.TryParse(speed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var times)
            || from < Earliest || from > Latest || !(times is >= Slowest and <= Fastest))
            return false;
        time = new(from, times);
        return true;
    }
}
