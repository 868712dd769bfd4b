namespace Recs.Commands.Importing;

/// <summary>
/// Writes times as System.Text.Json writes a <see cref="DateTimeOffset"/> in UTC; remembers the day, since times come in order.
/// </summary>
internal struct JsonTime
{
    /// <summary>Bytes of <c>"2000-12-31T22:12:40+00:00"</c>, quotes included.</summary>
    public const int Length = 27;

    /// <summary>Bytes of the longest time, <c>"2000-12-31T22:12:40.1234567+00:00"</c>.</summary>
    public const int MaxLength = 35;

    private const uint SecondsOfDay = 86_400;

    private uint day;
    private DateTime date;

    /// <summary>Writes a time.</summary>
    /// <param name="seconds">Since 1970.</param>
    /// <param name="target">Gets <see cref="Length"/> bytes.</param>
    public void Write(uint seconds, Span<byte> target)
    {
        if (day != seconds / SecondsOfDay || date == default)
        {
            day = seconds / SecondsOfDay;
            date = DateTime.UnixEpoch.AddDays(day);
        }
        var time = (int)(seconds % SecondsOfDay);
        "\"0000-00-00T00:00:00+00:00\""u8.CopyTo(target);
        Digits(date.Year / 100, target[1..]);
        Digits(date.Year % 100, target[3..]);
        Digits(date.Month, target[6..]);
        Digits(date.Day, target[9..]);
        Digits(time / 3600, target[12..]);
        Digits(time / 60 % 60, target[15..]);
        Digits(time % 60, target[18..]);
    }

    /// <summary>Writes a time with its fraction of a second, if it has one.</summary>
    /// <param name="utcTicks">From 1970 to 2099.</param>
    /// <param name="target">Gets at most <see cref="MaxLength"/> bytes.</param>
    /// <returns>Number of bytes.</returns>
    public int Write(long utcTicks, Span<byte> target)
    {
        var (seconds, fraction) = Math.DivRem(utcTicks - DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerSecond);
        Write((uint)seconds, target);
        if (fraction == 0) return Length;
        var digits = 7;
        for (; fraction % 10 == 0; fraction /= 10) digits--;
        var point = Length - "+00:00\""u8.Length;
        target[point] = (byte)'.';
        for (var i = point + digits; i > point; i--, fraction /= 10) target[i] = (byte)('0' + fraction % 10);
        "+00:00\""u8.CopyTo(target[(point + 1 + digits)..]);
        return Length + 1 + digits;
    }

    private static void Digits(int value, Span<byte> target) => (target[0], target[1]) = ((byte)('0' + value / 10), (byte)('0' + value % 10));
}
