namespace Recs.Training.Exporting.Parquet;

/// <summary>Parquet's physical types, as its Thrift definition numbers them.</summary>
internal enum PhysicalType
{
    /// <summary>A bit.</summary>
    Boolean = 0,
    /// <summary>32 bits.</summary>
    Int32 = 1,
    /// <summary>64 bits.</summary>
    Int64 = 2,
    /// <summary>IEEE 754, 64 bits.</summary>
    Double = 5,
    /// <summary>Length and bytes.</summary>
    ByteArray = 6,
}

/// <summary>Encodings, as Parquet's Thrift definition numbers them.</summary>
internal enum PageEncoding
{
    /// <summary>One value after the other.</summary>
    Plain = 0,
    /// <summary>Runs and packed bits, for levels.</summary>
    RunLength = 3,
    /// <summary>Numbers of a dictionary's entries.</summary>
    RunLengthDictionary = 8,
}

/// <summary>How pages are compressed, as Parquet's Thrift definition numbers it.</summary>
internal enum Codec
{
    /// <summary>Not at all.</summary>
    None = 0,
    /// <summary>gzip.</summary>
    Gzip = 2,
}

/// <summary>What the footer says about a column of a row group.</summary>
/// <param name="Column">Its column.</param>
/// <param name="Offset">Where its first page begins.</param>
/// <param name="DictionaryBytes">Length of its dictionary page with its head, which comes first; 0 if it has none.</param>
/// <param name="Levels">Number of values, nulls and empty lists included.</param>
/// <param name="Nulls">How many of them are none.</param>
/// <param name="PlainBytes">All pages before compression, with their heads.</param>
/// <param name="Bytes">All pages, with their heads.</param>
/// <param name="Bounds">Least and greatest value, if known.</param>
internal sealed record ColumnChunk(
    ParquetColumn Column, long Offset, long DictionaryBytes, long Levels, long Nulls, long PlainBytes, long Bytes, (byte[] Least, byte[] Greatest)? Bounds);

/// <summary>What the footer says about a row group.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Columns">Its columns, in order.</param>
internal sealed record RowGroup(long Rows, IReadOnlyList<ColumnChunk> Columns);
