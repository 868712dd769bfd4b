using System.Text.Json;
using System.Text.Json.Nodes;
using Recs.Training.Exporting.Parquet;
using Recs.Training.Exporting.Tables;

namespace Recs.Training.Tests.Exporting;

public class ParquetTableTests
{
    private const int Tables = 120;

    [Fact]
    public async Task DuckDB_reads_back_what_was_written_whatever_the_table()
    {
        using var folder = new TemporaryFolder();
        var tables = Enumerable.Range(0, Tables).ToDictionary(
            seed => $"{seed:000}.parquet", seed => new GeneratedTable(seed, rows: (seed % 6) switch { 0 => 0, 1 => 1, 2 => 8, 3 => 33, 4 => 700, _ => 9_000 }), StringComparer.Ordinal);
        foreach (var ((name, table), seed) in tables.Zip(Enumerable.Range(0, Tables)))
            await File.WriteAllBytesAsync(Path.Combine(folder.Path, name), table.Parquet(gzip: seed % 2 == 0, rowsPerGroup: seed % 7 == 0 ? 100 : 100_000));

        var read = await DuckDb.ReadAsync(folder.Path);

        read.Count.ShouldBe(Tables);
        foreach (var (name, table) in tables)
        {
            read[name].Columns.ShouldBe(table.Schema.Columns.Select(c => $"{c.Name} {DuckType(c.Type)}"), name);
            Normal(read[name].Rows).ShouldBe(Normal(table.JsonRows()), name);
        }
    }

    [Fact]
    public async Task A_chunk_tells_its_bounds_and_nulls_and_takes_a_dictionary_where_that_is_smaller()
    {
        using var folder = new TemporaryFolder();
        var schema = new TableSchema("t",
        [
            new("same", ColumnType.Text), new("distinct", ColumnType.Int64), new("half", ColumnType.Double, Optional: true), new("none", ColumnType.Int32, Optional: true),
            new("flag", ColumnType.Boolean), new("tags", ColumnType.TextList, Optional: true), new("at", ColumnType.Timestamp),
        ]);
        await using (var file = File.Create(Path.Combine(folder.Path, "t.parquet")))
        {
            var table = new ParquetTable(file, schema, Codec.None, rowsPerGroup: 600);
            for (var i = 0; i < 1000; i++)
            {
                table.Text("word"u8);
                table.Whole(i - 500L);
                if (i % 4 == 0) table.Null();
                else table.Number(i % 4 == 1 ? -0.5 : 0);
                table.Null();
                table.Flag(i % 600 == 599);
                if (i % 2 == 0) table.Texts(["é", "z"]);
                else table.Null();
                table.Whole(1_000_000L * i);
                table.EndRow();
            }

            table.Complete();
        }

        var read = (await DuckDb.ReadAsync(folder.Path))["t.parquet"];

        read.Chunks.Take(7).Select(c => string.Join(' ', c.EnumerateArray().Select(v => $"{v}"))).ShouldBe(
        [
            "same 600 word word 0 PLAIN, RLE, RLE_DICTIONARY UNCOMPRESSED 600",
            "distinct 600 -500 99 0 PLAIN, RLE UNCOMPRESSED 600",
            "half 600 -0.5 0.0 150 PLAIN, RLE, RLE_DICTIONARY UNCOMPRESSED 600",
            "none 600   600 PLAIN, RLE UNCOMPRESSED 600",
            "flag 600 false true 0 PLAIN, RLE UNCOMPRESSED 600",
            "tags, list, element 900 z é 300 PLAIN, RLE, RLE_DICTIONARY UNCOMPRESSED 600",
            "at 600 1970-01-01 00:00:00+00 1970-01-01 00:09:59+00 0 PLAIN, RLE UNCOMPRESSED 600",
        ]);
        read.Chunks[7][7].ToString().ShouldBe("400");
    }

    [Fact]
    public void Equal_rows_give_equal_bytes() => new GeneratedTable(5, 9_000).Parquet(gzip: true, 1_000).ShouldBe(new GeneratedTable(5, 9_000).Parquet(gzip: true, 1_000));

    [Fact]
    public void A_value_of_another_type_and_a_row_too_short_are_refused()
    {
        var table = new ParquetTable(new MemoryStream(), new("t", [new("a", ColumnType.Text), new("b", ColumnType.Int32)]), Codec.None);
        Should.Throw<InvalidOperationException>(() => table.Whole(1)).Message.ShouldContain("'a' is of type Text");
        Should.Throw<InvalidOperationException>(table.EndRow).Message.ShouldContain("1 values instead of 2");
        Should.Throw<InvalidOperationException>(table.Null).Message.ShouldContain("'b' is never null");
    }

    private static string DuckType(ColumnType type) => type switch
    {
        ColumnType.Text => "VARCHAR",
        ColumnType.Int32 => "INTEGER",
        ColumnType.Int64 => "BIGINT",
        ColumnType.Double => "DOUBLE",
        ColumnType.Boolean => "BOOLEAN",
        ColumnType.Timestamp => "TIMESTAMP WITH TIME ZONE",
        _ => "VARCHAR[]",
    };

    /// <summary>Rows of JSON, each number as the double that it stands for.</summary>
    private static List<string> Normal(IEnumerable<string> rows) => [.. rows.Select(row => JsonSerializer.Serialize(Normal(JsonNode.Parse(row))))];

    private static object? Normal(JsonNode? value) => value switch
    {
        null => null,
        JsonArray list => list.Select(Normal).ToArray(),
        _ when value.GetValueKind() == JsonValueKind.Number => double.Parse(value.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture) + 0.0,
        _ => value,
    };
}
