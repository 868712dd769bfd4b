using Recs.Training.Exporting.Tables;

namespace Recs.Training.Exporting.Parquet;

/// <summary>Writes a file's <c>FileMetaData</c> (Apache Parquet, parquet.thrift): the schema, and where each column of each row group lies.</summary>
internal static class ParquetFooter
{
    private const int FormatVersion = 2;
    private const string CreatedBy = "recs version 1 (build parquet)";
    private const int Required = 0, Optional = 1, Repeated = 2;
    private const int ConvertedUtf8 = 0, ConvertedList = 3, ConvertedTimestampMicros = 10;
    private const int LogicalString = 1, LogicalList = 3, LogicalTimestamp = 8;
    private const int UnitMicros = 2;

    private sealed record Node(string Name, int? Repetition, int Children = 0, PhysicalType? Type = null, bool IsText = false, bool IsList = false, bool IsTime = false);

    /// <summary>Writes it.</summary>
    public static void Write(CompactThrift thrift, TableSchema schema, IReadOnlyList<ParquetColumn> columns, IReadOnlyList<RowGroup> groups, Codec codec) => thrift.Struct(file => file
        .Int32(1, FormatVersion)
        .Structs(2, [new(schema.Name, null, columns.Count), .. columns.SelectMany(Nodes)], (t, node) => Write(t, node))
        .Int64(3, groups.Sum(g => g.Rows))
        .Structs(4, groups, (t, group) => Write(t, group, codec))
        .Text(6, CreatedBy)
        .Structs(7, columns, (t, _) => t.Empty(1))); // bounds are in the order of the type: numbers by value, texts by byte

    /// <summary>A column's nodes of the schema: one, or for a list the three levels that Parquet wants.</summary>
    private static IEnumerable<Node> Nodes(ParquetColumn column)
    {
        var repetition = column.Column.Optional ? Optional : Required;
        return column.IsList
            ? [new(column.Path[0], repetition, 1, IsList: true), new(column.Path[1], Repeated, 1), new(column.Path[2], Required, Type: column.Type, IsText: true)]
            : [new(column.Column.Name, repetition, Type: column.Type, IsText: column.Column.Type == ColumnType.Text, IsTime: column.Column.Type == ColumnType.Timestamp)];
    }

    private static void Write(CompactThrift thrift, Node node)
    {
        if (node.Type is { } type)
            thrift.Int32(1, (int)type);
        if (node.Repetition is { } repetition)
            thrift.Int32(3, repetition);
        thrift.Text(4, node.Name);
        if (node.Children > 0 || node.Repetition is null)
            thrift.Int32(5, node.Children);
        if (node.IsText)
            thrift.Int32(6, ConvertedUtf8).Struct(10, t => t.Empty(LogicalString));
        if (node.IsList)
            thrift.Int32(6, ConvertedList).Struct(10, t => t.Empty(LogicalList));
        if (node.IsTime)
            thrift.Int32(6, ConvertedTimestampMicros).Struct(10, t => t.Struct(LogicalTimestamp, time => time.Boolean(1, true).Struct(2, unit => unit.Empty(UnitMicros))));
    }

    private static void Write(CompactThrift thrift, RowGroup group, Codec codec) => thrift
        .Structs(1, group.Columns, (t, chunk) => t.Int64(2, chunk.Offset).Struct(3, meta => Write(meta, chunk, codec)))
        .Int64(2, group.Columns.Sum(c => c.PlainBytes))
        .Int64(3, group.Rows)
        .Int64(5, group.Columns[0].Offset)
        .Int64(6, group.Columns.Sum(c => c.Bytes));

    private static void Write(CompactThrift thrift, ColumnChunk chunk, Codec codec)
    {
        var inDictionary = chunk.DictionaryBytes > 0;
        thrift
            .Int32(1, (int)chunk.Column.Type)
            .Int32s(2, inDictionary ? [(int)PageEncoding.Plain, (int)PageEncoding.RunLength, (int)PageEncoding.RunLengthDictionary] : [(int)PageEncoding.Plain, (int)PageEncoding.RunLength])
            .Texts(3, [.. chunk.Column.Path])
            .Int32(4, (int)codec)
            .Int64(5, chunk.Levels)
            .Int64(6, chunk.PlainBytes)
            .Int64(7, chunk.Bytes)
            .Int64(9, chunk.Offset + chunk.DictionaryBytes);
        if (inDictionary)
            thrift.Int64(11, chunk.Offset);
        thrift.Struct(12, statistics =>
        {
            statistics.Int64(3, chunk.Nulls);
            if (chunk.Bounds is var (least, greatest))
                statistics.Binary(5, greatest).Binary(6, least);
        });
    }
}
