using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Recs.Training.Numerics;

namespace Recs.Training.Evaluating.Comparing;

/// <summary>
/// Percentile bootstrap (Efron, "Bootstrap Methods: Another Look at the Jackknife", 1979): users are drawn with replacement, 1,000 times, and the 2.5 % and 97.5 %
/// quantiles of a figure over those draws are its interval. All figures of one evaluation share the draws, so that a difference of two figures has its interval from the
/// differences, draw by draw.
/// </summary>
public static class Bootstrap
{
    /// <summary>How often users are drawn.</summary>
    public const int Resamples = 1000;
    private const int ResamplesAtATime = 20;
    private const ulong Purpose = 0x626f6f7473747270; // "bootstrp"

    /// <summary>Means of several figures over the same users, once per draw. The result does not depend on the number of threads.</summary>
    /// <param name="figures">Per figure one value per user.</param>
    /// <param name="seed">Key of the draws.</param>
    /// <param name="threads">Threads at most.</param>
    /// <returns>Per figure one mean per draw, in the order of the draws.</returns>
    public static double[][] Means(IReadOnlyList<double[]> figures, ulong seed, int threads = 1)
    {
        var means = figures.Select(_ => new double[Resamples]).ToArray();
        if (figures.Count == 0)
            return means;
        var users = figures[0].Length;
        var random = new CounterRandom(seed, Purpose);
        Workers.Run(threads, Resamples / ResamplesAtATime, block =>
        {
            var drawn = new double[users]; // how often each user is in the draw: drawn once for all figures
            for (var resample = block * ResamplesAtATime; resample < (block + 1) * ResamplesAtATime; resample++)
            {
                Array.Clear(drawn);
                for (var i = 0; i < users; i++)
                    drawn[random.Below(users, ((ulong)resample * (ulong)users) + (ulong)i)]++;
                for (var figure = 0; figure < means.Length; figure++)
                    means[figure][resample] = Sum(drawn, figures[figure]) / users;
            }
        });
        return means;
    }

    /// <summary>The 2.5 % and 97.5 % quantiles, by linear interpolation between order statistics (Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996, type 7).</summary>
    public static (double Low, double High) Interval(IEnumerable<double> resampled)
    {
        double[] sorted = [.. resampled];
        Array.Sort(sorted);
        return (Quantile(sorted, 0.025), Quantile(sorted, 0.975));
    }

    private static double Quantile(double[] sorted, double p)
    {
        var place = p * (sorted.Length - 1);
        var below = (int)place;
        return sorted[below] + ((place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]));
    }

    /// <summary>Sum of products in four lanes, added up in one order on every machine.</summary>
    private static double Sum(double[] drawn, double[] figure)
    {
        var lanes = Vector256<double>.Zero;
        ref var left = ref MemoryMarshal.GetArrayDataReference(drawn);
        ref var right = ref MemoryMarshal.GetArrayDataReference(figure);
        var i = 0;
        for (; i <= drawn.Length - Vector256<double>.Count; i += Vector256<double>.Count)
            lanes += Vector256.LoadUnsafe(ref left, (nuint)i) * Vector256.LoadUnsafe(ref right, (nuint)i);
        var sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
        for (; i < drawn.Length; i++)
            sum += drawn[i] * figure[i];
        return sum;
    }
}
