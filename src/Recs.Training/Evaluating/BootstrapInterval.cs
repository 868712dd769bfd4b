using Recs.Training.Numerics;

namespace Recs.Training.Evaluating;

/// <summary>A mean over users with its 95 % interval.</summary>
public readonly record struct MeanWithInterval(double Mean, double Low, double High);

/// <summary>
/// Percentile bootstrap (Efron, "Bootstrap Methods", 1979): users are drawn with replacement, the mean is taken, and the 2.5 % and 97.5 %
/// quantiles of those means are the interval. All figures of one evaluation share the same draws.
/// </summary>
public static class BootstrapInterval
{
    /// <summary>How often users are drawn.</summary>
    public const int Resamples = 1000;
    private const ulong Purpose = 0x626f6f7473747270; // "bootstrp"

    /// <summary>Means and intervals of several figures over the same users.</summary>
    /// <param name="figures">Per figure one value per user.</param>
    /// <param name="seed">Key of the draws.</param>
    public static MeanWithInterval[] Of(IReadOnlyList<double[]> figures, ulong seed)
    {
        var users = figures[0].Length;
        var random = new CounterRandom(seed, Purpose);
        var means = figures.Select(_ => new double[Resamples]).ToArray();
        var draws = new int[users];
        for (var resample = 0; resample < Resamples; resample++)
        {
            for (var i = 0; i < users; i++)
                draws[i] = random.Below(users, ((ulong)resample * (ulong)users) + (ulong)i);
            for (var f = 0; f < means.Length; f++)
                means[f][resample] = Mean(figures[f], draws);
        }

        return [.. figures.Select((figure, f) => Interval(figure, means[f]))];
    }

    private static double Mean(double[] figure, int[] draws)
    {
        var sum = 0.0;
        foreach (var user in draws)
            sum += figure[user];
        return sum / draws.Length;
    }

    private static MeanWithInterval Interval(double[] figure, double[] means)
    {
        Array.Sort(means);
        return new(figure.Sum() / figure.Length, Quantile(means, 0.025), Quantile(means, 0.975));
    }

    /// <summary>Linear interpolation between order statistics (Hyndman and Fan's type 7).</summary>
    private static double Quantile(double[] sorted, double p)
    {
        var place = p * (sorted.Length - 1);
        var below = (int)place;
        return sorted[below] + ((place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]));
    }
}
