namespace Recs.Training.Exporting.Tables;

/// <summary>What the values of a column are.</summary>
internal enum ColumnType
{
    /// <summary>UTF-8.</summary>
    Text,
    /// <summary>A whole number of 32 bits.</summary>
    Int32,
    /// <summary>A whole number of 64 bits.</summary>
    Int64,
    /// <summary>A double, never NaN.</summary>
    Double,
    /// <summary>True or false.</summary>
    Boolean,
    /// <summary>Microseconds since 1970-01-01 UTC.</summary>
    Timestamp,
    /// <summary>A list of texts, none of them null.</summary>
    TextList,
}

/// <summary>A column.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">What its values are.</param>
/// <param name="Optional">Whether a value may be null.</param>
internal sealed record TableColumn(string Name, ColumnType Type, bool Optional = false);

/// <summary>A table.</summary>
/// <param name="Name">Its name; the file's without the ending.</param>
/// <param name="Columns">Its columns, in order.</param>
internal sealed record TableSchema(string Name, IReadOnlyList<TableColumn> Columns);
