namespace Recs.Training.Neural;

/// <summary>How large a step is: rises evenly over the first steps, while Adam has seen little, then falls to nothing along half a cosine (Loshchilov and Hutter, 2017).</summary>
/// <param name="Steps">Steps of the whole training.</param>
internal readonly record struct RateSchedule(long Steps)
{
    private const double Rise = 0.05;

    /// <summary>Share of the greatest rate that a step has.</summary>
    /// <param name="step">Number of the step, from 0.</param>
    public double Share(long step)
    {
        var rise = Math.Max(1, Steps * Rise);
        if (step < rise)
            return (step + 1) / rise;
        var done = Math.Min(1, (step - rise) / Math.Max(1, Steps - rise));
        var x = Math.PI * done;
        return 0.5 * (1 + Cosine(x));
    }

    /// <summary>cos x from 0 to π, by the Taylor series about π/2, whose bits do not depend on the platform.</summary>
    private static double Cosine(double x)
    {
        var d = (Math.PI / 2) - x;
        var (term, sum) = (d, d);
        for (var n = 1; n <= 12; n++)
        {
            term *= -d * d / (2 * n * ((2 * n) + 1));
            sum += term;
        }

        return sum;
    }
}
