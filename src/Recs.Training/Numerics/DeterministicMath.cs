namespace Recs.Training.Numerics;

/// <summary>
/// Elementary functions whose bits are the same everywhere: the platform's own may differ between operating systems and versions. They use
/// only operations that IEEE 754 defines to the last bit.
/// </summary>
public static class DeterministicMath
{
    private const double Log2E = 1.4426950408889634;
    // ln 2 in two parts, the first with enough trailing zeros that its product with any exponent is exact (Cody and Waite, 1980).
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double Sqrt2 = 1.4142135623730951;
    private const double Overflow = 709.782712893384;
    private const double Underflow = -745.1332191019411;

    /// <summary>
    /// e to the power x, within 1 unit in the last place for results that are normal numbers: x = n ln 2 + r with |r| at most half of ln 2, the
    /// Taylor polynomial of degree 13 for r, and an exact scaling by a power of two.
    /// </summary>
    public static double Exp(double x)
    {
        if (double.IsNaN(x))
            return double.NaN;
        if (x > Overflow)
            return double.PositiveInfinity;
        if (x < Underflow)
            return 0;
        var n = Math.Round(x * Log2E);
        var r = Math.FusedMultiplyAdd(-n, Ln2Low, Math.FusedMultiplyAdd(-n, Ln2High, x));
        var sum = 1.0 / 6227020800;
        for (var degree = 12; degree >= 0; degree--)
            sum = Math.FusedMultiplyAdd(sum, r, InverseFactorial[degree]);
        return Math.ScaleB(sum, (int)n);
    }

    /// <summary>
    /// Natural logarithm, within 2 units in the last place for normal numbers: x = 2^n m with m from √½ to √2, ln m = 2 artanh s with s = (m - 1) / (m + 1), the
    /// Taylor series of artanh to the power 21 of s, which is below 0.172. Negative infinity for 0, not a number below.
    /// </summary>
    public static double Log(double x)
    {
        if (double.IsNaN(x) || x < 0)
            return double.NaN;
        if (x == 0)
            return double.NegativeInfinity;
        if (double.IsPositiveInfinity(x))
            return x;
        var n = Math.ILogB(x);
        var m = Math.ScaleB(x, -n);
        if (m > Sqrt2)
            (m, n) = (m / 2, n + 1);
        var s = (m - 1) / (m + 1);
        var square = s * s;
        var sum = 1.0 / 21;
        for (var odd = 19; odd >= 3; odd -= 2)
            sum = Math.FusedMultiplyAdd(sum, square, 1.0 / odd);
        var twice = 2 * s;
        return Math.FusedMultiplyAdd(n, Ln2High, twice + Math.FusedMultiplyAdd(twice * square, sum, n * Ln2Low));
    }

    private static ReadOnlySpan<double> InverseFactorial =>
    [
        1, 1, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600,
    ];
}
