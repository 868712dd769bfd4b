using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Recs.Queries.Serving;

/// <summary>A growing UTF-8 buffer for answers whose shape is fixed and whose strings need no escaping. Reused by one thread.</summary>
internal sealed class Utf8Text
{
    private byte[] _bytes = new byte[8192];

    public int Length { get; private set; }

    /// <summary>What was added; valid until the next change.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Length);

    public Utf8Text Clear()
    {
        Length = 0;
        return this;
    }

    public Utf8Text Add(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Room(utf8.Length));
        Length += utf8.Length;
        return this;
    }

    /// <summary>Text that holds no character that JSON escapes.</summary>
    public Utf8Text Add(string text)
    {
        Length += Encoding.UTF8.GetBytes(text, Room(text.Length * 3));
        return this;
    }

    /// <summary>Any text, quoted and escaped.</summary>
    public Utf8Text AddJson(string text) => Add("\""u8).Add(JsonEncodedText.Encode(text).EncodedUtf8Bytes).Add("\""u8);

    public Utf8Text Add(long value)
    {
        Utf8Formatter.TryFormat(value, Room(20), out var written);
        Length += written;
        return this;
    }

    /// <summary>Shortest text that reads back as the same bits.</summary>
    public Utf8Text Add(float value)
    {
        value.TryFormat(Room(24), out var written);
        Length += written;
        return this;
    }

    /// <summary>Shortest text that reads back as the same bits.</summary>
    public Utf8Text Add(double value)
    {
        value.TryFormat(Room(32), out var written);
        Length += written;
        return this;
    }

    /// <summary>A number rounded to some decimals, without trailing zeros.</summary>
    public Utf8Text AddRounded(double value, int decimals)
    {
        Math.Round(value, decimals).TryFormat(Room(32), out var written);
        Length += written;
        return this;
    }

    /// <summary>ISO 8601 to the millisecond, UTC.</summary>
    public Utf8Text AddMoment(DateTimeOffset at)
    {
        at.UtcDateTime.TryFormat(Room(32), out var written, "yyyy-MM-ddTHH:mm:ss.fffZ");
        Length += written;
        return this;
    }

    private Span<byte> Room(int most)
    {
        if (_bytes.Length - Length < most)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + most));
        return _bytes.AsSpan(Length);
    }
}
