using System.Globalization;
using System.Text;
using Recs.Testing;
using Recs.Training.Exporting.Csv;
using Recs.Training.Exporting.Tables;

namespace Recs.Training.Tests.Exporting;

public class CsvTableTests
{
    [Fact]
    public void Values_are_written_shortly_and_exactly()
    {
        var file = new MemoryStream();
        var table = new CsvTable(file, new("t",
        [
            new("text", ColumnType.Text, true), new("whole", ColumnType.Int64), new("number", ColumnType.Double), new("flag", ColumnType.Boolean), new("at", ColumnType.Timestamp),
            new("list", ColumnType.TextList, true),
        ]));
        Row("plain", -3, 4.5, true, 1_500_000, ["a", "b|c", "d\\"]);
        Row("", 0, 5, false, 0, []);
        Row(null, long.MinValue, 1e-7, false, -1, null);
        Row("say \"no\",\nthen", 1, 0.1, true, 1_000_000, ["x,y"]);
        table.Complete();
        Encoding.UTF8.GetString(file.ToArray()).ShouldBe("""
            text,whole,number,flag,at,list
            plain,-3,4.5,true,1970-01-01T00:00:01.5Z,a|b\|c|d\\
            "",0,5,false,1970-01-01T00:00:00Z,""
            ,-9223372036854775808,1E-07,false,1969-12-31T23:59:59.999999Z,
            "say ""no"",
            then",1,0.1,true,1970-01-01T00:00:01Z,"x,y"

            """.ReplaceLineEndings("\n"));

        void Row(string? text, long whole, double number, bool flag, long at, string[]? list)
        {
            table.Text(text);
            table.Whole(whole);
            table.Number(number);
            table.Flag(flag);
            table.Whole(at);
            table.TextsOrNull(list);
            table.EndRow();
        }
    }

    [Fact]
    public async Task PostgreSQL_reads_back_what_was_written_whatever_the_table()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var connection = await database.Source.OpenConnectionAsync();
        foreach (var seed in Enumerable.Range(1000, 40))
        {
            var table = new GeneratedTable(seed, rows: seed % 4 * 50, allBytes: false);
            await using (var create = connection.CreateCommand())
            {
                create.CommandText = $"drop table if exists t; create table t ({string.Join(", ", table.Schema.Columns.Select(c => $"{c.Name} {PostgresType(c.Type)}"))})";
                await create.ExecuteNonQueryAsync();
            }

            await using (var copy = await connection.BeginTextImportAsync("copy t from stdin (format csv, header)"))
                await copy.WriteAsync(Encoding.UTF8.GetString(table.Csv()));
            (await RowsAsync(connection)).ShouldBe(table.Rows.Select(row => string.Join(';', row.Select(Shown))), $"table {seed}");
        }
    }

    private static async Task<List<string>> RowsAsync(Npgsql.NpgsqlConnection connection)
    {
        await using var read = new Npgsql.NpgsqlCommand("select * from t", connection);
        await using var row = await read.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await row.ReadAsync())
            rows.Add(string.Join(';', Enumerable.Range(0, row.FieldCount).Select(i => Shown(row.IsDBNull(i) ? null : row.GetValue(i)))));
        return rows;
    }

    private static string Shown(object? value) => value switch
    {
        null => "null",
        DateTime at => $"{(at.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond}",
        string[] list => $"'{string.Join('|', list.Select(t => t.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)))}'",
        string text => $"'{text}'",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    private static string PostgresType(ColumnType type) => type switch
    {
        ColumnType.Int32 => "integer",
        ColumnType.Int64 => "bigint",
        ColumnType.Double => "float8",
        ColumnType.Boolean => "boolean",
        ColumnType.Timestamp => "timestamptz",
        _ => "text",
    };
}
