using System.Buffers;

namespace Recs.Training.Exporting.Parquet;

/// <summary>True or false (BOOLEAN): a bit each, the lowest first. A dictionary could not be smaller.</summary>
internal sealed class FlagColumnValues : ColumnValues
{
    private const int BitsPerByte = 8;

    /// <inheritdoc />
    public override int Entries => 0;

    /// <summary>Adds a value.</summary>
    public void Add(bool value) => Append(value ? 1 : 0, bytes: 0, isNew: false);

    /// <inheritdoc />
    public override void WriteEntries(IBufferWriter<byte> target) => throw new NotSupportedException("A column of truth values has no dictionary.");

    /// <inheritdoc />
    public override void WritePlain(IBufferWriter<byte> target, int from, int count)
    {
        var bytes = (count + BitsPerByte - 1) / BitsPerByte;
        var span = target.GetSpan(bytes + 1)[..bytes];
        span.Clear();
        for (var i = 0; i < count; i++)
            span[i / BitsPerByte] |= (byte)(Indices[from + i] << (i % BitsPerByte));
        target.Advance(bytes);
    }

    /// <inheritdoc />
    public override (byte[] Least, byte[] Greatest)? Bounds()
        => Count == 0 ? null : ([(byte)(Indices.Contains(0) ? 0 : 1)], [(byte)(Indices.Contains(1) ? 1 : 0)]);
}
