using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Recs.Training.Exporting.Parquet;

/// <summary>Texts in UTF-8 (BYTE_ARRAY).</summary>
internal sealed class TextColumnValues : ColumnValues
{
    private const int LengthBytes = 4;
    private const int LongestBound = 256; // a reader prunes by short texts as well as by long ones

    private readonly List<byte[]> _entries = [];
    private readonly Dictionary<byte[], int> _numbers = new(new ByBytes());

    /// <inheritdoc />
    public override int Entries => _entries.Count;

    /// <summary>Adds a value.</summary>
    public void Add(ReadOnlySpan<byte> utf8)
    {
        var bytes = utf8.Length + LengthBytes;
        if (Interning && _numbers.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(utf8, out var known))
        {
            Append(known, bytes, isNew: false);
            return;
        }

        var entry = utf8.ToArray();
        _entries.Add(entry);
        if (Interning)
            _numbers.Add(entry, _entries.Count - 1);
        Append(_entries.Count - 1, bytes, isNew: true);
    }

    /// <inheritdoc />
    public override void WriteEntries(IBufferWriter<byte> target) => _entries.ForEach(entry => Write(target, entry));

    /// <inheritdoc />
    public override void WritePlain(IBufferWriter<byte> target, int from, int count)
    {
        foreach (var entry in Indices.Slice(from, count))
            Write(target, _entries[entry]);
    }

    /// <inheritdoc />
    public override (byte[] Least, byte[] Greatest)? Bounds()
    {
        if (_entries.Count == 0)
            return null;
        var (least, greatest) = (_entries[0], _entries[0]);
        foreach (var entry in _entries)
        {
            if (entry.AsSpan().SequenceCompareTo(least) < 0)
                least = entry;
            if (entry.AsSpan().SequenceCompareTo(greatest) > 0)
                greatest = entry;
        }

        return least.Length > LongestBound || greatest.Length > LongestBound ? null : (least, greatest);
    }

    /// <inheritdoc />
    public override void Clear()
    {
        base.Clear();
        _entries.Clear();
        _numbers.Clear();
    }

    private static void Write(IBufferWriter<byte> target, byte[] text)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target.GetSpan(LengthBytes), text.Length);
        target.Advance(LengthBytes);
        target.Write(text);
    }

    /// <summary>Finds an entry by its bytes, without an allocation for one that is there. The hash differs from run to run; nothing is written in its order.</summary>
    private sealed class ByBytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);
        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);
        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());
        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }
}
