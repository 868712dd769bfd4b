using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Recs.Kafka.Avro;

/// <summary>Writes primitive values.</summary>
internal readonly ref struct AvroWriter(IBufferWriter<byte> output)
{
    private const int LongestVarint = 10;

    /// <summary>A zigzag varint; for <c>int</c> and <c>long</c>.</summary>
    public void Long(long value)
    {
        var span = output.GetSpan(LongestVarint);
        var rest = (ulong)(value << 1 ^ value >> 63);
        var i = 0;
        for (; rest >= 0x80; rest >>= 7)
            span[i++] = (byte)(rest | 0x80);
        span[i++] = (byte)rest;
        output.Advance(i);
    }

    /// <summary>One byte.</summary>
    public void Boolean(bool value)
    {
        output.GetSpan(1)[0] = value ? (byte)1 : (byte)0;
        output.Advance(1);
    }

    /// <summary>Eight bytes.</summary>
    public void Double(double value)
    {
        BinaryPrimitives.WriteDoubleLittleEndian(output.GetSpan(sizeof(double)), value);
        output.Advance(sizeof(double));
    }

    /// <summary>UTF-8 after its length in bytes.</summary>
    public void String(string value)
    {
        var count = Encoding.UTF8.GetByteCount(value);
        Long(count);
        output.Advance(Encoding.UTF8.GetBytes(value, output.GetSpan(count)));
    }

    /// <summary>A union of null and int.</summary>
    public void Optional(int? value)
    {
        Long(value is null ? 0 : 1);
        if (value is { } there) Long(there);
    }

    /// <summary>A union of null and long.</summary>
    public void Optional(long? value)
    {
        Long(value is null ? 0 : 1);
        if (value is { } there) Long(there);
    }

    /// <summary>A union of null and double.</summary>
    public void Optional(double? value)
    {
        Long(value is null ? 0 : 1);
        if (value is { } there) Double(there);
    }

    /// <summary>A union of null and string.</summary>
    public void Optional(string? value)
    {
        Long(value is null ? 0 : 1);
        if (value is not null) String(value);
    }

    /// <summary>An array of strings, in one block.</summary>
    public void Strings(IReadOnlyList<string> values)
    {
        if (values.Count > 0)
        {
            Long(values.Count);
            foreach (var value in values)
                String(value);
        }
        Long(0);
    }
}
