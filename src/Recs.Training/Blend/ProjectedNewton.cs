namespace Recs.Training.Blend;

/// <summary>
/// The greatest value of a concave function over weights that are nowhere negative: Newton steps among the weights that are free to move, cut off at 0 and halved until the value
/// rises (Bertsekas, "Projected Newton Methods for Optimization Problems with Simple Constraints", 1982).
/// </summary>
internal static class ProjectedNewton
{
    private const int MostSteps = 100;
    private const int MostHalvings = 40;
    private const double Settled = 1e-12;

    /// <summary>Climbs.</summary>
    /// <param name="start">Where to begin, nowhere negative.</param>
    /// <param name="at">The function.</param>
    /// <param name="told">Told the value after every step.</param>
    public static double[] Climb(double[] start, Func<double[], ChoiceLikelihood> at, Action<int, double> told)
    {
        var (weights, here) = (start, at(start));
        for (var step = 1; step <= MostSteps; step++)
        {
            var direction = Direction(weights, here);
            var (next, there) = Search(weights, here, direction, at);
            var gain = there.Value - here.Value;
            if (gain <= 0)
                break;
            (weights, here) = (next, there);
            told(step, here.Value);
            if (gain < Settled)
                break;
        }

        return weights;
    }

    private static (double[] Weights, ChoiceLikelihood There) Search(double[] weights, ChoiceLikelihood here, double[] direction, Func<double[], ChoiceLikelihood> at)
    {
        var length = 1.0;
        for (var halving = 0; halving < MostHalvings; halving++, length /= 2)
        {
            var next = new double[weights.Length];
            for (var k = 0; k < next.Length; k++)
                next[k] = Math.Max(0, weights[k] + (length * direction[k]));
            var there = at(next);
            if (there.Value > here.Value)
                return (next, there);
        }

        return (weights, here);
    }

    /// <summary>The Newton step; a weight that is 0 and would fall stays out of it.</summary>
    private static double[] Direction(double[] weights, ChoiceLikelihood here)
    {
        var free = Enumerable.Range(0, weights.Length).Where(k => weights[k] > 0 || here.Gradient[k] > 0).ToArray();
        var (a, b) = (new double[free.Length, free.Length], new double[free.Length]);
        for (var i = 0; i < free.Length; i++)
        {
            b[i] = here.Gradient[free[i]];
            for (var j = 0; j < free.Length; j++)
                a[i, j] = here.Curvature[free[i], free[j]];
        }

        Solve(a, b);
        var direction = new double[weights.Length];
        for (var i = 0; i < free.Length; i++)
            direction[free[i]] = b[i];
        return direction;
    }

    /// <summary>Solves a x = b for a symmetric positive definite a by elimination; b receives x, a is used up.</summary>
    private static void Solve(double[,] a, double[] b)
    {
        for (var i = 0; i < b.Length; i++)
            for (var row = i + 1; row < b.Length; row++)
            {
                var factor = a[row, i] / a[i, i];
                for (var column = i; column < b.Length; column++)
                    a[row, column] -= factor * a[i, column];
                b[row] -= factor * b[i];
            }

        for (var i = b.Length - 1; i >= 0; i--)
        {
            for (var column = i + 1; column < b.Length; column++)
                b[i] -= a[i, column] * b[column];
            b[i] /= a[i, i];
        }
    }
}
