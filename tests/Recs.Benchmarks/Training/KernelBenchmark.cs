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
        cancel.ThrowIfCancellationRequested();
        yield return Row($"kernels.factor-rows.{name}", FactorSums(isa), peak);
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

    /// <summary>What als does for a person and a step: the dot products of a vector and 166 rows of 64 factors, then their weighted sum.</summary>
    private static double FactorSums(Isa isa) => isa switch
    {
        Isa.Avx512 => FactorSums<Avx512Lanes>(),
        Isa.Avx2 => FactorSums<Avx2Lanes>(),
        _ => FactorSums<PlainLanes>(),
    };

    private static unsafe double FactorSums<TLanes>() where TLanes : struct, ILanes<TLanes>
    {
        const int rows = 166, factors = 64, times = 1_000;
        using Matrix y = Numbers(256), x = Numbers(64);
        var which = Enumerable.Range(0, rows).ToArray();
        var dots = new float[rows];
        fixed (int* taken = which)
        fixed (float* weights = dots)
        {
            var (pointers, products) = ((nint)taken, (nint)weights);
            return Best(4.0 * rows * factors * times, () =>
            {
                for (var time = 0; time < times; time++)
                {
                    FactorRows<TLanes>.Dots(x.Pointer, y.Pointer, factors, (int*)pointers, rows, (float*)products);
                    FactorRows<TLanes>.Combine(x.Pointer + (32 * factors), y.Pointer, factors, factors, (int*)pointers, (float*)products, rows);
                    new Span<float>(x.Pointer + (32 * factors), factors).Clear(); // or the sum would grow past all numbers
                }
            });
        }
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
