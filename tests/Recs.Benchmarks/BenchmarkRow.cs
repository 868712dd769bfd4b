namespace Recs.Benchmarks;

/// <summary>A measured figure beside its baseline of the same run.</summary>
/// <param name="Name">Stable name, such as <c>append.single.64-callers</c>.</param>
/// <param name="Value">The figure, in <paramref name="Unit"/>.</param>
/// <param name="Unit">Such as <c>events/s</c>.</param>
/// <param name="Baseline">What the baseline does, in words; null if there is none.</param>
/// <param name="BaselineValue">The baseline's figure in the same unit.</param>
/// <param name="P50Ms">Median of one operation, in milliseconds, where it is measured.</param>
/// <param name="P99Ms">99th percentile of one operation, in milliseconds, where it is measured.</param>
/// <param name="CpuSeconds">Processor time of all threads, where it is measured.</param>
/// <param name="PeakMiB">Peak resident memory of the process meanwhile, where it is measured.</param>
public sealed record BenchmarkRow(
    string Name, double Value, string Unit, string? Baseline = null, double? BaselineValue = null, double? P50Ms = null, double? P99Ms = null, double? CpuSeconds = null,
    double? PeakMiB = null)
{
    /// <summary>Value divided by the baseline's.</summary>
    public double? Ratio => BaselineValue is > 0 ? Value / BaselineValue : null;
}
