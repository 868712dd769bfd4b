using System.Buffers;

namespace Recs.Training.Exporting.Parquet;

/// <summary>Unsigned LEB128: seven bits a byte, the lowest first, the highest bit set in all but the last byte.</summary>
internal static class Varint
{
    private const int MostBytes = 10;

    /// <summary>Writes a number.</summary>
    public static void WriteVarint(this IBufferWriter<byte> target, ulong value)
    {
        var span = target.GetSpan(MostBytes);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
            span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        target.Advance(length);
    }
}
