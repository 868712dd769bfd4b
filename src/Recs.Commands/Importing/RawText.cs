using System.Text;

namespace Recs.Commands.Importing;

/// <summary>Lines of unknown content as text that can be kept and shown.</summary>
internal static class RawText
{
    /// <summary>Decodes a line and cuts it; NUL, which PostgreSQL's texts do not have, is replaced like whatever cannot be decoded.</summary>
    /// <param name="line">Any bytes.</param>
    /// <param name="encoding">How to read them.</param>
    /// <param name="most">Characters that are kept.</param>
    public static string Of(ReadOnlySpan<byte> line, Encoding encoding, int most)
    {
        var text = encoding.GetString(line[..Math.Min(line.Length, 4 * most)]);
        if (text.Length > most) text = char.IsHighSurrogate(text[most - 1]) ? text[..(most - 1)] + '\uFFFD' : text[..most]; // half a character is no text
        return text.Replace('\0', '\uFFFD');
    }
}
