namespace Recs.Training.Numerics;

/// <summary>
/// Natural logarithm of numbers from 1 on, within 2^-40 of the true one, for work on every movie at every request: x = 2^n c (1 + r) with c the middle of one of 128 equal steps of the
/// mantissa, so that |r| is at most 2^-8, ln c from a table and five terms of the series for ln(1 + r) (Tang, "Table-Driven Implementation of the Logarithm Function in IEEE
/// Floating-Point Arithmetic", 1990). Its bits are the same everywhere.
/// </summary>
internal static class TableLog
{
    private const int Steps = 128;
    private const int StepBits = 7;
    private const int MantissaBits = 52;
    private const long MantissaMask = (1L << MantissaBits) - 1;
    private const int Bias = 1023;
    private const double Ln2 = 0.69314718055994531;
    private static readonly double[] Inverse = [.. Enumerable.Range(0, Steps).Select(i => 1 / Middle(i))];
    private static readonly double[] Logarithm = [.. Enumerable.Range(0, Steps).Select(i => DeterministicMath.Log(Middle(i)))];

    /// <summary>ln x.</summary>
    /// <param name="x">Finite, at least 1.</param>
    public static double Of(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var mantissa = BitConverter.Int64BitsToDouble((bits & MantissaMask) | ((long)Bias << MantissaBits));
        var step = (int)((bits >> (MantissaBits - StepBits)) & (Steps - 1));
        var r = Math.FusedMultiplyAdd(mantissa, Inverse[step], -1);
        var series = r * (1 + (r * (-1.0 / 2 + (r * (1.0 / 3 + (r * (-1.0 / 4 + (r * (1.0 / 5)))))))));
        return (((bits >> MantissaBits) - Bias) * Ln2) + (Logarithm[step] + series);
    }

    private static double Middle(int step) => 1 + ((step + 0.5) / Steps);
}
