using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Recs.Benchmarks;

/// <summary>Writes what was measured.</summary>
internal static class BenchmarkReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>One row for people.</summary>
    public static string Line(BenchmarkRow row)
    {
        var line = $"{row.Name,-34} {Number(row.Value),12} {row.Unit,-10}";
        if (row.P99Ms is { } p99)
            line += $" p50 {row.P50Ms:0.00} ms, p99 {p99:0.00} ms";
        if (row.PeakMiB is { } peak)
            line += $" cpu {row.CpuSeconds:0.00} s, peak {peak:0} MiB";
        if (row.BaselineValue is { } baseline)
            line += $" | {row.Ratio:0.00} of {Number(baseline)} ({row.Baseline})";
        return line;
    }

    /// <summary>The report for scripts.</summary>
    public static async Task WriteAsync(string? target, IReadOnlyList<BenchmarkRow> rows)
    {
        if (target is null)
            return;
        var text = JsonSerializer.Serialize(new { Machine = Machine(), Results = rows }, Json);
        if (target == "-")
            Console.WriteLine(text);
        else
            await File.WriteAllTextAsync(target, text + "\n");
    }

    private static string Number(double value) => value >= 100 ? value.ToString("#,0") : value.ToString("0.000");

    private static object Machine() => new
    {
        Processors = Environment.ProcessorCount,
        MemoryGiB = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1073741824.0, 1),
        Os = RuntimeInformation.OSDescription,
        Runtime = RuntimeInformation.FrameworkDescription,
        Isa = Avx512F.IsSupported ? "avx512" : Avx2.IsSupported ? "avx2" : "plain",
    };
}
