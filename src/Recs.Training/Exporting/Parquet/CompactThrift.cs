using System.Buffers;
using System.Text;

namespace Recs.Training.Exporting.Parquet;

/// <summary>Writes structures in Thrift's compact protocol (Apache Thrift, "Thrift Compact protocol encoding"), as far as Parquet's headers and footer need it.</summary>
internal sealed class CompactThrift(IBufferWriter<byte> target)
{
    private const int ShortList = 15;
    private const int ShortStep = 15;

    private enum Kind : byte
    {
        True = 1,
        False = 2,
        Int32 = 5,
        Int64 = 6,
        Binary = 8,
        List = 9,
        Struct = 12,
    }

    private int _last; // id of the field before, in the structure that is being written

    /// <summary>A whole structure.</summary>
    public CompactThrift Struct(Action<CompactThrift> fields)
    {
        var outer = _last;
        _last = 0;
        fields(this);
        Byte(0); // no further field
        _last = outer;
        return this;
    }

    /// <summary>A field that holds a structure.</summary>
    public CompactThrift Struct(int id, Action<CompactThrift> fields) => Field(id, Kind.Struct).Struct(fields);

    /// <summary>A field that holds an empty structure: which one it is says all.</summary>
    public CompactThrift Empty(int id) => Struct(id, _ => { });

    /// <summary>A field of 32 bits, or an enumeration.</summary>
    public CompactThrift Int32(int id, int value) => Field(id, Kind.Int32).ZigZag(value);

    /// <summary>A field of 64 bits.</summary>
    public CompactThrift Int64(int id, long value) => Field(id, Kind.Int64).ZigZag(value);

    /// <summary>A field that is true or false.</summary>
    public CompactThrift Boolean(int id, bool value) => Field(id, value ? Kind.True : Kind.False);

    /// <summary>A field of bytes.</summary>
    public CompactThrift Binary(int id, ReadOnlySpan<byte> value) => Field(id, Kind.Binary).Bytes(value);

    /// <summary>A field of text.</summary>
    public CompactThrift Text(int id, string value) => Binary(id, Encoding.UTF8.GetBytes(value));

    /// <summary>A field that lists structures.</summary>
    public CompactThrift Structs<T>(int id, IReadOnlyCollection<T> items, Action<CompactThrift, T> fields)
    {
        Field(id, Kind.List).ListHead(items.Count, Kind.Struct);
        foreach (var item in items)
            Struct(thrift => fields(thrift, item));
        return this;
    }

    /// <summary>A field that lists numbers of 32 bits, or enumerations.</summary>
    public CompactThrift Int32s(int id, IReadOnlyCollection<int> items)
    {
        Field(id, Kind.List).ListHead(items.Count, Kind.Int32);
        foreach (var item in items)
            ZigZag(item);
        return this;
    }

    /// <summary>A field that lists texts.</summary>
    public CompactThrift Texts(int id, IReadOnlyCollection<string> items)
    {
        Field(id, Kind.List).ListHead(items.Count, Kind.Binary);
        foreach (var item in items)
            Bytes(Encoding.UTF8.GetBytes(item));
        return this;
    }

    private CompactThrift Field(int id, Kind kind)
    {
        if (id - _last is > 0 and <= ShortStep and var step)
            Byte((byte)((step << 4) | (int)kind));
        else
        {
            Byte((byte)kind);
            ZigZag(id);
        }

        _last = id;
        return this;
    }

    private void ListHead(int count, Kind kind)
    {
        if (count < ShortList)
        {
            Byte((byte)((count << 4) | (int)kind));
            return;
        }

        Byte((byte)((ShortList << 4) | (int)kind));
        target.WriteVarint((ulong)count);
    }

    private CompactThrift Bytes(ReadOnlySpan<byte> value)
    {
        target.WriteVarint((ulong)value.Length);
        target.Write(value);
        return this;
    }

    private CompactThrift ZigZag(long value)
    {
        target.WriteVarint((ulong)((value << 1) ^ (value >> 63)));
        return this;
    }

    private void Byte(byte value) => target.Write([value]);
}
