using System.Diagnostics;
using Recs.Benchmarks.Training.Steps;
using Recs.Training.Bpr;
using Recs.Training.Numerics;
using Recs.Training.Svd;

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
        foreach (var row in NetworkKernels.Measure(isa, peak, cancel))
            yield return row;
        foreach (var row in isa == Isa.Plain ? [] : StepBenchmark.Measure(isa, cancel)) // seconds a step without vectors
            yield return row;
        cancel.ThrowIfCancellationRequested();
        yield return Row($"kernels.rating-step.{name}", Steps(isa, ratings: true), peak);
        yield return Row($"kernels.pair-step.{name}", Steps(isa, ratings: false), peak);
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

    /// <summary>What svd does for a rating, or bpr for a pair, on rows of 64 factors that lie in the first-level cache.</summary>
    private static double Steps(Isa isa, bool ratings) => isa switch
    {
        Isa.Avx512 => Steps<Avx512Lanes>(ratings),
        Isa.Avx2 => Steps<Avx2Lanes>(ratings),
        _ => Steps<PlainLanes>(ratings),
    };

    private static unsafe double Steps<TLanes>(bool ratings) where TLanes : struct, ILanes<TLanes>
    {
        const int rows = 32, factors = 64, times = 100_000;
        const float rate = 1e-6f; // so small that the numbers stay as they are
        using Matrix numbers = Numbers(factors), biases = Numbers(rows);
        return ratings
            ? Best(8.0 * factors * times, () =>
            {
                for (var time = 0; time < times; time++)
                {
                    var (person, movie) = (time % rows, rows + ((time * 7) % rows));
                    RatingStep<TLanes>.Take(
                        1, new(numbers.Pointer + (person * factors), biases.Pointer + person, 1), new(numbers.Pointer + (movie * factors), biases.Pointer + movie, 1), factors, rate, 0);
                }
            }, seconds: 1)
            : Best(12.0 * factors * times, () =>
            {
                for (var time = 0; time < times; time++)
                    PairStep<TLanes>.Take(
                        numbers.Pointer + (time % rows * factors), numbers.Pointer + ((rows + ((time * 7) % rows)) * factors),
                        numbers.Pointer + ((rows + (((time * 7) + 1) % rows)) * factors), factors, rate, 1);
            }, seconds: 1);
    }

    /// <summary>GFLOP/s of the best run.</summary>
    /// <param name="operations">Operations of a run.</param>
    /// <param name="work">A run.</param>
    /// <param name="runs">Runs at least.</param>
    /// <param name="seconds">Seconds at least: a short kernel that is called often begins as unoptimized code, and is compiled again only when it has run for a while.</param>
    private static double Best(double operations, Action work, int runs = 4, double seconds = 0)
    {
        var (best, begun) = (0.0, Stopwatch.GetTimestamp());
        for (var run = 0; run < runs || Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds; run++)
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
