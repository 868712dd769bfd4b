using System.Diagnostics;
using System.Text.Json;
using Recs.Testing;

namespace Recs.Training.Tests.Exporting;

/// <summary>A Parquet file as DuckDB reads it.</summary>
internal sealed record ReadTable(JsonElement Json)
{
    /// <summary>Rows of values.</summary>
    public IReadOnlyList<string> Rows => [.. Json.GetProperty("rows").EnumerateArray().Select(row => row.GetRawText())];
    /// <summary>Column names with types.</summary>
    public IReadOnlyList<string> Columns => [.. Json.GetProperty("columns").EnumerateArray().Select(c => $"{c[0]} {c[1]}")];
    /// <summary>Nodes of the schema, outermost first: name, physical type, repetition, converted and logical type.</summary>
    public IReadOnlyList<string> Nodes => [.. Json.GetProperty("nodes").EnumerateArray().Select(n => string.Join(' ', n.EnumerateArray().Select(v => $"{v}")).TrimEnd())];
    /// <summary>Column chunks, row group by row group: path, values, least, greatest, nulls, encodings, compression, rows of the group.</summary>
    public IReadOnlyList<JsonElement> Chunks => [.. Json.GetProperty("chunks").EnumerateArray()];
}

/// <summary>Reads Parquet by another hand.</summary>
internal static class DuckDb
{
    /// <summary>Every Parquet file of a folder, by name.</summary>
    public static async Task<IReadOnlyDictionary<string, ReadTable>> ReadAsync(string folder)
    {
        var start = new ProcessStartInfo("node", ["parquet.mjs", folder]) { WorkingDirectory = Path.Combine(TestCluster.Root(), "tests", "readers"), RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var trouble = process.StandardError.ReadToEndAsync();
        var tables = new Dictionary<string, ReadTable>(StringComparer.Ordinal);
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            var table = JsonDocument.Parse(line).RootElement;
            tables.Add(table.GetProperty("name").GetString()!, new(table));
        }

        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, await trouble);
        return tables;
    }
}
