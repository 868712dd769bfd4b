namespace Recs.Training.Exporting.Tables;

/// <summary>
/// Writes a table row by row in constant memory: per row one call for each column, in order, then <see cref="EndRow"/>. The bytes depend on nothing but the
/// schema and the rows. Not thread-safe.
/// </summary>
internal interface ITableWriter
{
    /// <summary>Rows that were ended.</summary>
    long Rows { get; }

    /// <summary>The value of a <see cref="ColumnType.Text"/> column.</summary>
    void Text(ReadOnlySpan<byte> utf8);
    /// <summary>The value of an <see cref="ColumnType.Int32"/>, <see cref="ColumnType.Int64"/> or <see cref="ColumnType.Timestamp"/> column.</summary>
    void Whole(long value);
    /// <summary>The value of a <see cref="ColumnType.Double"/> column; not NaN.</summary>
    void Number(double value);
    /// <summary>The value of a <see cref="ColumnType.Boolean"/> column.</summary>
    void Flag(bool value);
    /// <summary>The value of a <see cref="ColumnType.TextList"/> column.</summary>
    void Texts(IReadOnlyList<string> values);
    /// <summary>No value, in an optional column.</summary>
    void Null();
    /// <summary>Ends the row.</summary>
    void EndRow();
    /// <summary>Writes what is still kept back and whatever belongs at the end. Nothing may follow.</summary>
    void Complete();
}

/// <summary>Values of .NET's own types.</summary>
internal static class TableValues
{
    private const int OnTheStack = 256;

    /// <summary>A text, or null.</summary>
    public static void Text(this ITableWriter table, string? text)
    {
        if (text is null)
        {
            table.Null();
            return;
        }

        var most = System.Text.Encoding.UTF8.GetMaxByteCount(text.Length);
        var utf8 = most <= OnTheStack ? stackalloc byte[OnTheStack] : new byte[most];
        table.Text(utf8[..System.Text.Encoding.UTF8.GetBytes(text, utf8)]);
    }

    /// <summary>A whole number, or null.</summary>
    public static void Whole(this ITableWriter table, long? value)
    {
        if (value is { } known)
            table.Whole(known);
        else
            table.Null();
    }

    /// <summary>A list of texts, or null.</summary>
    public static void TextsOrNull(this ITableWriter table, IReadOnlyList<string>? values)
    {
        if (values is not null)
            table.Texts(values);
        else
            table.Null();
    }

    /// <summary>A time to the microsecond.</summary>
    public static void Time(this ITableWriter table, DateTimeOffset at) => table.Whole((at.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond);
}
