using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Recs.Training.Exporting.Csv;
using Recs.Training.Exporting.Parquet;
using Recs.Training.Exporting.Tables;

namespace Recs.Training.Tests.Exporting;

/// <summary>A made-up table: any number of columns of any type, each of a habit of its own (all equal, all distinct, few values, runs, mostly null).</summary>
internal sealed class GeneratedTable
{
    private static readonly string[] Alphabet = ["a", "b", "Z", " ", "é", "ß", "日", "🎬", ",", "\"", "\n", "\r\n", "|", "\\", "\0", "'", "\u0001"];
    private readonly List<object?[]> _rows = [];
    private readonly bool _allBytes;

    /// <param name="seed">The same seed makes the same table.</param>
    /// <param name="rows">Number of rows.</param>
    /// <param name="allBytes">With texts that hold a zero byte, which PostgreSQL does not keep.</param>
    public GeneratedTable(int seed, int rows, bool allBytes = true)
    {
        _allBytes = allBytes;
        var random = new Random(seed);
        var columns = Enumerable.Range(0, random.Next(1, 9)).Select(i => new TableColumn($"c{i}", (ColumnType)random.Next(7), random.Next(2) == 0)).ToArray();
        Schema = new($"table{seed}", columns);
        var makers = columns.Select(c => Maker(c, random)).ToArray();
        for (var row = 0; row < rows; row++)
            _rows.Add([.. makers.Select(make => make(row))]);
    }

    public TableSchema Schema { get; }
    public IReadOnlyList<object?[]> Rows => _rows;

    /// <summary>The rows as a JSON reader of the Parquet file gives them.</summary>
    public IEnumerable<string> JsonRows() => _rows.Select(row => new JsonArray([.. row.Select(Json)]).ToJsonString(Unescaped));

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public byte[] Parquet(bool gzip, int rowsPerGroup)
    {
        var file = new MemoryStream();
        Fill(new ParquetTable(file, Schema, gzip ? Codec.Gzip : Codec.None, rowsPerGroup));
        return file.ToArray();
    }

    public byte[] Csv()
    {
        var file = new MemoryStream();
        Fill(new CsvTable(file, Schema));
        return file.ToArray();
    }

    private void Fill(ITableWriter table)
    {
        foreach (var row in _rows)
        {
            for (var i = 0; i < row.Length; i++)
                Write(table, row[i]);
            table.EndRow();
        }

        table.Complete();
    }

    private static void Write(ITableWriter table, object? value)
    {
        switch (value)
        {
            case null: table.Null(); break;
            case string text: table.Text(text); break;
            case long whole: table.Whole(whole); break;
            case double number: table.Number(number); break;
            case bool flag: table.Flag(flag); break;
            default: table.Texts((string[])value); break;
        }
    }

    private JsonNode? Json(object? value, int column) => value switch
    {
        null => null,
        string text => text,
        long whole when Schema.Columns[column].Type == ColumnType.Int32 => JsonValue.Create(whole),
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        double number => JsonValue.Create(number),
        bool flag => flag,
        _ => new JsonArray([.. ((string[])value).Select(t => JsonValue.Create(t))]),
    };

    private Func<int, object?> Maker(TableColumn column, Random random)
    {
        var nulls = column.Optional ? random.Next(4) switch { 0 => 0, 1 => 100, 2 => 50, _ => 5 } : 0;
        var values = random.Next(5) switch { 0 => 1, 1 => 2, 2 => 5, 3 => 300, _ => int.MaxValue };
        var run = random.Next(2) == 0 ? 1 : random.Next(1, 40);
        var seed = random.Next();
        var chance = new Random(random.Next());
        return row => chance.Next(100) < nulls ? null : Value(column.Type, new Random(values == int.MaxValue ? seed + row : seed + (row / run % values)));
    }

    private object Value(ColumnType type, Random random) => type switch
    {
        ColumnType.Text => Text(random),
        ColumnType.Int32 => random.Next(4) == 0 ? int.MinValue : (long)random.Next(int.MinValue, int.MaxValue),
        ColumnType.Int64 => random.Next(4) == 0 ? long.MaxValue : random.NextInt64(long.MinValue, long.MaxValue),
        ColumnType.Double => random.Next(3) == 0 ? random.Next(-9, 10) / 2.0 : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300)),
        ColumnType.Boolean => random.Next(2) == 0,
        ColumnType.Timestamp => random.NextInt64(-2_000_000_000_000_000, 4_000_000_000_000_000),
        _ => Enumerable.Range(0, random.Next(4)).Select(_ => Text(random)).ToArray(),
    };

    private string Text(Random random)
        => string.Concat(Enumerable.Range(0, random.Next(8)).Select(_ => Alphabet[random.Next(Alphabet.Length)])) is var text && _allBytes ? text : text.Replace("\0", "", StringComparison.Ordinal);
}
