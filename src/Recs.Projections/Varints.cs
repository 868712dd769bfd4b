using System.Text;

namespace Recs.Projections;

/// <summary>
/// Writes the numbers and texts of packed columns. A varint has seven bits a byte, lowest first, 0x80 where more follow; zigzag folds the sign into the
/// lowest bit; a text is its length in UTF-8 bytes as a varint, then the bytes. The caller sees to the room.
/// </summary>
internal ref struct VarintWriter(Span<byte> target, int length)
{
    private readonly Span<byte> _target = target;
    public int Length { get; private set; } = length;

    public void Byte(byte b) => _target[Length++] = b;

    public void Unsigned(ulong x)
    {
        for (; x >= 0x80; x >>= 7) Byte((byte)(x | 0x80));
        Byte((byte)x);
    }

    public void Signed(long x) => Unsigned((ulong)((x << 1) ^ (x >> 63)));

    public void Text(string text)
    {
        Unsigned((ulong)Encoding.UTF8.GetByteCount(text));
        Length += Encoding.UTF8.GetBytes(text, _target[Length..]);
    }
}

/// <summary>Reads what <see cref="VarintWriter"/> wrote.</summary>
internal ref struct VarintReader(ReadOnlySpan<byte> packed)
{
    private ReadOnlySpan<byte> _left = packed;
    public readonly int Left => _left.Length;

    public byte Byte() => Bytes(1)[0];

    /// <exception cref="FormatException">The bytes are cut short.</exception>
    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > _left.Length) throw new FormatException("A packed column ends in the middle of an entry. Rebuild the projection that owns it.");
        var bytes = _left[..count];
        _left = _left[count..];
        return bytes;
    }

    /// <summary>The bytes of a text.</summary>
    public ReadOnlySpan<byte> Text() => Bytes((int)Unsigned());

    public ulong Unsigned()
    {
        for (var (x, shift) = (0UL, 0); ; shift += 7)
        {
            var b = Byte();
            x |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80) return x;
        }
    }

    public long Signed()
    {
        var x = Unsigned();
        return (long)(x >> 1) ^ -(long)(x & 1);
    }
}
