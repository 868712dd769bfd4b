namespace Recs.Commands.Importing.Movielog;

/// <summary>Times of the movielog: ISO 8601 without a zone, taken as UTC.</summary>
internal static class MovielogTime
{
    private const int MaxFraction = 9;

    /// <summary>
    /// Reads <c>2023-10-25T07:20:57.389</c>: zero to nine fractional digits, of which seven count (a tick is 100 ns). The seconds may be absent where
    /// they are zero, as <c>java.time</c> writes them.
    /// </summary>
    /// <param name="text">ASCII.</param>
    /// <param name="ticks">UTC ticks, from 1970 to 2099.</param>
    /// <returns>False if it is no time, or a date that no calendar has.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length < 16 || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':') return false;
        var (year, month, day) = (100 * Two(text) + Two(text[2..]), Two(text[5..]), Two(text[8..]));
        var (hour, minute, second) = (Two(text[11..]), Two(text[14..]), 0);
        if (year is < 1970 or > 2099 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        if (hour is < 0 or > 23 || minute is < 0 or > 59) return false;
        long fraction = 0;
        if (text.Length > 16)
        {
            if (text.Length < 19 || text[16] != ':' || (second = Two(text[17..])) is < 0 or > 59) return false;
            if (!TryReadFraction(text[19..], out fraction)) return false;
        }
        ticks = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc).Ticks + fraction;
        return true;
    }

    private static bool TryReadFraction(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.IsEmpty) return true;
        if (text[0] != '.' || text.Length is 1 or > 1 + MaxFraction) return false;
        for (var i = 1; i <= 7; i++)
        {
            var digit = i < text.Length ? text[i] - '0' : 0;
            if ((uint)digit > 9) return false;
            ticks = 10 * ticks + digit;
        }
        return text.Length <= 8 || !text[8..].ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    /// <summary>Two digits; far below zero if one of them is none.</summary>
    private static int Two(ReadOnlySpan<byte> text)
    {
        var (tens, ones) = ((uint)(text[0] - '0'), (uint)(text[1] - '0'));
        return tens > 9 || ones > 9 ? -10_000 : (int)(10 * tens + ones);
    }
}
