using System.Text;

namespace Recs.Commands.Consuming;

/// <summary>Bytes of unknown origin as text that can be kept and shown.</summary>
internal static class Printable
{
    /// <summary>The text, cut, with control characters and halves of characters replaced.</summary>
    public static string Of(string text, int most) => Of(Encoding.UTF8.GetBytes(text.Length > most ? text[..most] : text), most);

    /// <summary>The bytes as UTF-8, cut, with control characters and what is no UTF-8 replaced.</summary>
    /// <param name="bytes">Anything.</param>
    /// <param name="most">Characters that are kept.</param>
    public static string Of(ReadOnlySpan<byte> bytes, int most)
    {
        var text = Encoding.UTF8.GetString(bytes.Length > 4 * most ? bytes[..(4 * most)] : bytes);
        if (text.Length > most)
            text = text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];
        return text.AsSpan().ContainsAnyInRange('\0', '\u001F') ? string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++)
                target[i] = char.IsControl(source[i]) ? '\uFFFD' : source[i];
        }) : text;
    }
}
