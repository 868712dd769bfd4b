using System.Text.Json;

namespace Recs.Commands.Consuming;

/// <summary>The time in a message: whole milliseconds since 1970, or ISO 8601, which is UTC if it names no offset.</summary>
internal static class MessageTime
{
    /// <summary>Reads the reader's value.</summary>
    /// <param name="reader">At the value.</param>
    /// <param name="now">A time lies between 1970 and a day after it.</param>
    /// <param name="at">The time, in UTC.</param>
    public static bool TryRead(ref Utf8JsonReader reader, DateTimeOffset now, out DateTimeOffset at)
    {
        at = default;
        var latest = now.AddDays(1);
        if (reader.TokenType == JsonTokenType.Number)
        {
            if (!reader.TryGetInt64(out var milliseconds) || milliseconds < 0 || milliseconds > latest.ToUnixTimeMilliseconds())
                return false;
            at = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
            return true;
        }
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTime(out var time))
            return false;
        if (time.Kind == DateTimeKind.Unspecified)
            at = new(time, TimeSpan.Zero);
        else if (reader.TryGetDateTimeOffset(out var withOffset))
            at = withOffset.ToUniversalTime();
        else
            return false;
        return at >= DateTimeOffset.UnixEpoch && at <= latest;
    }
}
