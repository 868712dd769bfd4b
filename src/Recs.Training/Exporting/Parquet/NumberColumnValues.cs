using System.Buffers;
using System.Buffers.Binary;

namespace Recs.Training.Exporting.Parquet;

/// <summary>Numbers of 32 or 64 bits (INT32, INT64, DOUBLE), kept as their bits.</summary>
internal sealed class NumberColumnValues(PhysicalType type) : ColumnValues
{
    private readonly int _bytes = type == PhysicalType.Int32 ? sizeof(int) : sizeof(long);
    private readonly List<long> _entries = [];
    private readonly Dictionary<long, int> _numbers = [];

    /// <inheritdoc />
    public override int Entries => _entries.Count;

    /// <summary>Adds a value: the number, or a double's bits.</summary>
    /// <exception cref="OverflowException">It does not fit the column.</exception>
    public void Add(long bits)
    {
        if (type == PhysicalType.Int32)
            _ = checked((int)bits);
        if (Interning && _numbers.TryGetValue(bits, out var known))
        {
            Append(known, _bytes, isNew: false);
            return;
        }

        _entries.Add(bits);
        if (Interning)
            _numbers.Add(bits, _entries.Count - 1);
        Append(_entries.Count - 1, _bytes, isNew: true);
    }

    /// <inheritdoc />
    public override void WriteEntries(IBufferWriter<byte> target)
    {
        foreach (var entry in _entries)
            Write(target, entry);
    }

    /// <inheritdoc />
    public override void WritePlain(IBufferWriter<byte> target, int from, int count)
    {
        foreach (var entry in Indices.Slice(from, count))
            Write(target, _entries[entry]);
    }

    /// <inheritdoc />
    public override (byte[] Least, byte[] Greatest)? Bounds()
        => _entries.Count == 0 ? null : type == PhysicalType.Double ? DoubleBounds() : (Bytes(_entries.Min()), Bytes(_entries.Max()));

    /// <inheritdoc />
    public override void Clear()
    {
        base.Clear();
        _entries.Clear();
        _numbers.Clear();
    }

    /// <summary>Either zero may stand for both, so the least is written as the negative one and the greatest as the positive one (Parquet's rule).</summary>
    private (byte[] Least, byte[] Greatest) DoubleBounds()
    {
        var (least, greatest) = (_entries.Min(BitConverter.Int64BitsToDouble), _entries.Max(BitConverter.Int64BitsToDouble));
        return (Bytes(BitConverter.DoubleToInt64Bits(least == 0 ? -0.0 : least)), Bytes(BitConverter.DoubleToInt64Bits(greatest == 0 ? 0.0 : greatest)));
    }

    private byte[] Bytes(long bits)
    {
        var bytes = new ArrayBufferWriter<byte>(sizeof(long));
        Write(bytes, bits);
        return bytes.WrittenSpan.ToArray();
    }

    private void Write(IBufferWriter<byte> target, long bits)
    {
        var span = target.GetSpan(sizeof(long));
        BinaryPrimitives.WriteInt64LittleEndian(span, bits);
        target.Advance(_bytes); // the low half comes first
    }
}
