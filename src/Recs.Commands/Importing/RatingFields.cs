using System.Buffers.Text;

namespace Recs.Commands.Importing;

/// <summary>Fields that every rating has, whatever the file's format.</summary>
public static class RatingFields
{
    /// <summary>First second that is no longer taken: 2100-01-01. Milliseconds given as seconds lie far beyond.</summary>
    public const uint EndOfTime = 4_102_444_800;

    /// <summary>Reads 0.5 to 5 stars in halves: <c>4</c>, <c>4.0</c>, <c>4.5</c>.</summary>
    /// <param name="text">ASCII.</param>
    /// <param name="halfStars">1 to 10.</param>
    public static bool TryRating(ReadOnlySpan<byte> text, out byte halfStars)
    {
        halfStars = 0;
        if (text.Length is not (1 or 3) || text[0] is < (byte)'0' or > (byte)'5') return false;
        if (text.Length == 3 && (text[1] != '.' || text[2] is not ((byte)'0' or (byte)'5'))) return false;
        halfStars = (byte)(2 * (text[0] - '0') + (text is [_, _, (byte)'5'] ? 1 : 0));
        return halfStars is >= 1 and <= 10;
    }

    /// <summary>Reads whole seconds since 1970.</summary>
    public static bool TryTimestamp(ReadOnlySpan<byte> text, out uint seconds)
        => Utf8Parser.TryParse(text, out seconds, out var used) && used == text.Length && text[0] != '+' && seconds < EndOfTime;
}
