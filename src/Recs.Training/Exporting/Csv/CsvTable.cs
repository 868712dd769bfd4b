using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Recs.Training.Exporting.Tables;

namespace Recs.Training.Exporting.Csv;

/// <summary>
/// Writes CSV (RFC 4180 with LF line ends, UTF-8, names in the first line) as PostgreSQL's <c>COPY ... CSV HEADER</c> reads it: null is nothing, an empty text is
/// <c>""</c>. Times are ISO-8601 in UTC, numbers in their shortest exact form, a list's texts are joined by <c>|</c> (a <c>|</c> or <c>\</c> of a text's own has a
/// <c>\</c> before it).
/// </summary>
internal sealed class CsvTable : ITableWriter
{
    private const int FlushFrom = 1 << 18;
    private const int MostPerNumber = 32;
    private static readonly SearchValues<byte> Quoted = SearchValues.Create("\",\r\n"u8);

    private readonly Stream _file;
    private readonly TableSchema _schema;
    private readonly ArrayBufferWriter<byte> _buffer = new(FlushFrom * 2);
    private int _column;

    /// <summary>Begins with the line of names.</summary>
    /// <param name="file">Where the bytes go; left open.</param>
    /// <param name="schema">The columns.</param>
    public CsvTable(Stream file, TableSchema schema)
    {
        (_file, _schema) = (file, schema);
        _buffer.Write(Encoding.UTF8.GetBytes(string.Join(',', schema.Columns.Select(c => c.Name)) + "\n"));
    }

    /// <inheritdoc />
    public long Rows { get; private set; }

    /// <inheritdoc />
    public void Text(ReadOnlySpan<byte> utf8)
    {
        Next(ColumnType.Text);
        Write(utf8);
    }

    /// <inheritdoc />
    public void Whole(long value)
    {
        if (Next(ColumnType.Int64, ColumnType.Int32, ColumnType.Timestamp).Type == ColumnType.Timestamp)
            Time(value);
        else if (Utf8Formatter.TryFormat(value, _buffer.GetSpan(MostPerNumber), out var written))
            _buffer.Advance(written);
    }

    /// <inheritdoc />
    public void Number(double value)
    {
        Next(ColumnType.Double);
        if (value.TryFormat(_buffer.GetSpan(MostPerNumber), out var written, "R"))
            _buffer.Advance(written);
    }

    /// <inheritdoc />
    public void Flag(bool value)
    {
        Next(ColumnType.Boolean);
        _buffer.Write(value ? "true"u8 : "false"u8);
    }

    /// <inheritdoc />
    public void Texts(IReadOnlyList<string> values)
    {
        Next(ColumnType.TextList);
        Write(Encoding.UTF8.GetBytes(string.Join('|', values.Select(v => v.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("|", @"\|", StringComparison.Ordinal)))));
    }

    /// <inheritdoc />
    public void Null()
    {
        var column = Separate();
        if (!column.Optional)
            throw new InvalidOperationException($"Column '{column.Name}' of '{_schema.Name}' is never null.");
    }

    /// <inheritdoc />
    public void EndRow()
    {
        if (_column != _schema.Columns.Count)
            throw new InvalidOperationException($"A row of '{_schema.Name}' has {_column} values instead of {_schema.Columns.Count}.");
        _buffer.Write("\n"u8);
        (_column, Rows) = (0, Rows + 1);
        if (_buffer.WrittenCount >= FlushFrom)
            Flush();
    }

    /// <inheritdoc />
    public void Complete() => Flush();

    private void Flush()
    {
        _file.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }

    private TableColumn Next(params ReadOnlySpan<ColumnType> types)
    {
        var column = Separate();
        return types.Contains(column.Type) ? column : throw new InvalidOperationException($"Column '{column.Name}' of '{_schema.Name}' is of type {column.Type}.");
    }

    private TableColumn Separate()
    {
        if (_column > 0)
            _buffer.Write(","u8);
        return _schema.Columns[_column++];
    }

    private void Write(ReadOnlySpan<byte> text)
    {
        if (!text.IsEmpty && !text.ContainsAny(Quoted))
        {
            _buffer.Write(text);
            return;
        }

        _buffer.Write("\""u8);
        for (int quote; (quote = text.IndexOf((byte)'"')) >= 0; text = text[(quote + 1)..])
        {
            _buffer.Write(text[..(quote + 1)]);
            _buffer.Write("\""u8);
        }

        _buffer.Write(text);
        _buffer.Write("\""u8);
    }

    /// <summary>Date and time with as many digits of the second as there are, none for a whole one.</summary>
    private void Time(long microseconds)
    {
        var span = _buffer.GetSpan(MostPerNumber);
        var at = DateTime.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);
        if (!Utf8Formatter.TryFormat(at, span, out var written, 'O'))
            throw new InvalidOperationException("A time does not fit its buffer.");
        written = span[..(written - 1)].TrimEnd((byte)'0').TrimEnd((byte)'.').Length; // 'O' is yyyy-MM-ddTHH:mm:ss.fffffffZ
        span[written] = (byte)'Z';
        _buffer.Advance(written + 1);
    }
}
