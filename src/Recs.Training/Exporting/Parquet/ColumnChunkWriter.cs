using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Recs.Training.Exporting.Parquet;

/// <summary>
/// Writes a row group's columns as pages (Apache Parquet, "File Format", data pages of version 1): the dictionary first where it pays, then data pages of a bounded
/// number of rows, each with its head, levels and values.
/// </summary>
internal sealed class ColumnChunkWriter(Stream file, Codec codec, CompressionLevel level)
{
    private const int RowsPerPage = 20_000;
    private const int DataPage = 0;
    private const int DictionaryPage = 2;

    private readonly ArrayBufferWriter<byte> _page = new();
    private readonly ArrayBufferWriter<byte> _head = new();
    private long _plainBytes;

    /// <summary>Position in the file.</summary>
    public long Offset { get; private set; }

    /// <summary>Writes bytes that belong to no page.</summary>
    public void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        file.Write(bytes);
        Offset += bytes.Length;
    }

    /// <summary>Writes a column.</summary>
    public ColumnChunk Write(ParquetColumn column)
    {
        var (start, values) = (Offset, column.Values);
        _plainBytes = 0;
        var inDictionary = values.DictionaryPays;
        if (inDictionary)
            WriteDictionary(values);
        var dictionaryBytes = Offset - start;
        for (int level = 0, value = 0; level < column.Levels;)
        {
            var (levels, present) = PageFrom(column, level);
            WriteData(column, level, levels, value, present, inDictionary);
            (level, value) = (level + levels, value + present);
        }

        return new(column, start, dictionaryBytes, column.Levels, column.Levels - values.Count, _plainBytes, Offset - start, values.Bounds());
    }

    /// <summary>How many levels, and values among them, the page that begins at a level takes. A row is never cut.</summary>
    private static (int Levels, int Values) PageFrom(ParquetColumn column, int from)
    {
        var to = from;
        if (column.IsList)
            for (var rows = 0; to < column.Levels && (column.Repetitions[to] != 0 || ++rows <= RowsPerPage); to++) { }
        else
            to = Math.Min(column.Levels, from + RowsPerPage);
        return (to - from, column.MostDefinition == 0 ? to - from : column.Definitions[from..to].Count(column.MostDefinition));
    }

    private void WriteDictionary(ColumnValues values)
    {
        _page.ResetWrittenCount();
        values.WriteEntries(_page);
        WritePage(DictionaryPage, head => head.Struct(7, d => d.Int32(1, values.Entries).Int32(2, (int)PageEncoding.Plain)));
    }

    private void WriteData(ParquetColumn column, int fromLevel, int levels, int fromValue, int values, bool inDictionary)
    {
        _page.ResetWrittenCount();
        if (column.IsList)
            WriteLevels(column.Repetitions.Slice(fromLevel, levels), most: 1);
        if (column.MostDefinition > 0)
            WriteLevels(column.Definitions.Slice(fromLevel, levels), column.MostDefinition);
        if (inDictionary)
        {
            var width = column.Values.IndexWidth;
            _page.Write([(byte)width]);
            RunLengthHybrid.Write(_page, column.Values.Indices.Slice(fromValue, values), width);
        }
        else
            column.Values.WritePlain(_page, fromValue, values);

        var encoding = inDictionary ? PageEncoding.RunLengthDictionary : PageEncoding.Plain;
        WritePage(DataPage, head => head.Struct(5, d => d.Int32(1, levels).Int32(2, (int)encoding).Int32(3, (int)PageEncoding.RunLength).Int32(4, (int)PageEncoding.RunLength)));
    }

    /// <summary>Levels have their length before them.</summary>
    private void WriteLevels(ReadOnlySpan<int> levels, int most)
    {
        var encoded = new ArrayBufferWriter<byte>();
        RunLengthHybrid.Write(encoded, levels, RunLengthHybrid.WidthOf(most));
        BinaryPrimitives.WriteInt32LittleEndian(_page.GetSpan(sizeof(int)), encoded.WrittenCount);
        _page.Advance(sizeof(int));
        _page.Write(encoded.WrittenSpan);
    }

    private void WritePage(int type, Action<CompactThrift> details)
    {
        var body = Pack(_page.WrittenMemory);
        _head.ResetWrittenCount();
        new CompactThrift(_head).Struct(head => details(head.Int32(1, type).Int32(2, _page.WrittenCount).Int32(3, body.Length)));
        _plainBytes += _head.WrittenCount + _page.WrittenCount;
        WriteRaw(_head.WrittenSpan);
        WriteRaw(body.Span);
    }

    /// <summary>A page as the file holds it.</summary>
    private ReadOnlyMemory<byte> Pack(ReadOnlyMemory<byte> page)
    {
        if (codec == Codec.None)
            return page;
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, level, leaveOpen: true))
            gzip.Write(page.Span);
        return packed.GetBuffer().AsMemory(0, (int)packed.Length);
    }
}
