using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Recs.Training.Exporting.Tables;

namespace Recs.Training.Exporting.Parquet;

/// <summary>Writes a Parquet file (Apache Parquet, "File Format"). One row group at a time is in memory.</summary>
internal sealed class ParquetTable : ITableWriter
{
    /// <summary>Rows of a row group, but for the last.</summary>
    public const int RowsPerGroup = 1 << 18;

    private readonly TableSchema _schema;
    private readonly Codec _codec;
    private readonly int _rowsPerGroup;
    private readonly ParquetColumn[] _columns;
    private readonly ColumnChunkWriter _chunks;
    private readonly List<RowGroup> _groups = [];
    private int _column;
    private int _rowsInGroup;

    /// <summary>Begins a file.</summary>
    /// <param name="file">Where the bytes go; left open.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="codec">How pages are compressed.</param>
    /// <param name="rowsPerGroup">Rows of a row group.</param>
    public ParquetTable(Stream file, TableSchema schema, Codec codec, int rowsPerGroup = RowsPerGroup)
    {
        (_schema, _codec, _rowsPerGroup) = (schema, codec, rowsPerGroup);
        _columns = [.. schema.Columns.Select(c => new ParquetColumn(c))];
        _chunks = new(file, codec, CompressionLevel.Optimal);
        _chunks.WriteRaw(Magic);
    }

    private static ReadOnlySpan<byte> Magic => "PAR1"u8;

    /// <inheritdoc />
    public long Rows { get; private set; }

    /// <inheritdoc />
    public void Text(ReadOnlySpan<byte> utf8) => _columns[_column++].Text(utf8);
    /// <inheritdoc />
    public void Whole(long value) => _columns[_column++].Whole(value);
    /// <inheritdoc />
    public void Number(double value) => _columns[_column++].Number(value);
    /// <inheritdoc />
    public void Flag(bool value) => _columns[_column++].Flag(value);
    /// <inheritdoc />
    public void Texts(IReadOnlyList<string> values) => _columns[_column++].Texts(values);
    /// <inheritdoc />
    public void Null() => _columns[_column++].Null();

    /// <inheritdoc />
    public void EndRow()
    {
        if (_column != _columns.Length)
            throw new InvalidOperationException($"A row of '{_schema.Name}' has {_column} values instead of {_columns.Length}.");
        (_column, Rows) = (0, Rows + 1);
        if (++_rowsInGroup == _rowsPerGroup)
            EndGroup();
    }

    /// <inheritdoc />
    public void Complete()
    {
        if (_rowsInGroup > 0)
            EndGroup();
        var footer = new ArrayBufferWriter<byte>();
        ParquetFooter.Write(new CompactThrift(footer), _schema, _columns, _groups, _codec);
        _chunks.WriteRaw(footer.WrittenSpan);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.WrittenCount);
        _chunks.WriteRaw(length);
        _chunks.WriteRaw(Magic);
    }

    private void EndGroup()
    {
        _groups.Add(new(_rowsInGroup, [.. _columns.Select(_chunks.Write)]));
        foreach (var column in _columns)
            column.Clear();
        _rowsInGroup = 0;
    }
}
