namespace Recs.Projections.OnlineMetrics;

/// <summary>An interval that holds the true value in 95 of 100 samples.</summary>
/// <param name="Low">Lower end.</param>
/// <param name="High">Upper end.</param>
public readonly record struct ConfidenceInterval(double Low, double High)
{
    /// <summary>The 97.5 % quantile of the standard normal distribution.</summary>
    public const double Z = 1.959963984540054;

    /// <summary>
    /// Score interval of a proportion: (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n). Wilson, "Probable Inference, the Law of Succession, and
    /// Statistical Inference", 1927.
    /// </summary>
    /// <param name="successes">0 to <paramref name="trials"/>.</param>
    /// <param name="trials">1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">The numbers are not those of a proportion.</exception>
    public static ConfidenceInterval OfProportion(long successes, long trials)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(trials);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);
        var (n, p, zz) = ((double)trials, (double)successes / trials, Z * Z);
        var centre = p + zz / (2 * n);
        var reach = Z * Math.Sqrt(p * (1 - p) / n + zz / (4 * n * n));
        // At the ends of the range rounding alone would leave them by 1e-17.
        return new(successes == 0 ? 0 : (centre - reach) / (1 + zz / n), successes == trials ? 1 : (centre + reach) / (1 + zz / n));
    }

    /// <summary>Normal interval of a mean: x̄ ± z s/√n, with the sample variance s² = (Σx² - n x̄²) / (n - 1).</summary>
    /// <param name="observations">n; null is the answer below 2.</param>
    /// <param name="total">Σx.</param>
    /// <param name="squares">Σx².</param>
    public static ConfidenceInterval? OfMean(long observations, double total, double squares)
    {
        if (observations < 2) return null;
        var mean = total / observations;
        var reach = Z * Math.Sqrt(Math.Max(0, squares - total * mean) / (observations - 1) / observations);
        return new(mean - reach, mean + reach);
    }
}
