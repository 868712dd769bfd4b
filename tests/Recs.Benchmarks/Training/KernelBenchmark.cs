using System.Diagnostics;
using Recs.Training.Numerics;

namespace Recs.Benchmarks.Training;

/// <summary>The numeric kernels on one core, each beside what the core can do on registers alone.</summary>
internal static class KernelBenchmark
{
    private const int Size = 1536;
    private const int PlainSize = 512;

    public static Task<IReadOnlyList<BenchmarkRow>> RunAsync(BenchmarkServer bench, CancellationToken cancel)
        => Task.Run<IReadOnlyList<BenchmarkRow>>(() => [.. InstructionSets.Supported.SelectMany(isa => Rows(isa, cancel))], cancel);

    private static IEnumerable<BenchmarkRow> Rows(Isa isa, CancellationToken cancel)
    {
        var peak = PeakArithmetic.GigaflopsPerSecond(isa);
        var name = isa.ToString().ToLowerInvariant();
        cancel.ThrowIfCancellationRequested();
        yield return Row($"kernels.gemm.{name}", Product(isa), peak);
        cancel.ThrowIfCancellationRequested();
        yield return Row($"kernels.cholesky.{name}", Factor(isa), peak);
    }

    private static BenchmarkRow Row(string name, double value, double peak) => new(name, value, "GFLOP/s", "fused multiply-adds on registers alone, one core", peak);

    private static double Product(Isa isa)
    {
        var n = isa == Isa.Plain ? PlainSize : Size;
        using Matrix a = Numbers(n), b = Numbers(n), c = new(n, n);
        return Best(2.0 * n * n * n, () => MatrixProduct.Add(new(isa, 1), a, b, c));
    }

    private static double Factor(Isa isa)
    {
        var n = isa == Isa.Plain ? PlainSize : Size;
        var best = 0.0;
        for (var run = 0; run < 3; run++)
        {
            using var a = Numbers(n);
            for (var i = 0; i < n; i++)
                a[i, i] = 2 * n;
            best = Math.Max(best, Best(n / 3.0 * n * n, () => Cholesky.Factor(new(isa, 1), a), runs: 1));
        }

        return best;
    }

    private static double Best(double operations, Action work, int runs = 4)
    {
        var best = 0.0;
        for (var run = 0; run < runs; run++)
        {
            var started = Stopwatch.GetTimestamp();
            work();
            best = Math.Max(best, operations / Stopwatch.GetElapsedTime(started).TotalSeconds / 1e9);
        }

        return best;
    }

    /// <summary>A symmetric matrix of small numbers.</summary>
    private static Matrix Numbers(int n)
    {
        var random = new CounterRandom(1, 1);
        var matrix = new Matrix(n, n);
        for (var i = 0; i < n; i++)
            for (var j = i; j < n; j++)
                matrix[i, j] = matrix[j, i] = random.Below(1001, ((ulong)i * (ulong)n) + (ulong)j) / 1000f;
        return matrix;
    }
}
