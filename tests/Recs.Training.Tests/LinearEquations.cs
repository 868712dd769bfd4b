namespace Recs.Training.Tests;

/// <summary>Gaussian elimination in double precision: the reference for the solvers.</summary>
internal static class LinearEquations
{
    public static double[] Solve(double[,] a, double[] b)
    {
        var n = b.Length;
        for (var pivot = 0; pivot < n; pivot++)
        {
            for (var row = pivot + 1; row < n; row++)
            {
                var ratio = a[row, pivot] / a[pivot, pivot];
                for (var column = pivot; column < n; column++)
                    a[row, column] -= ratio * a[pivot, column];
                b[row] -= ratio * b[pivot];
            }
        }

        var x = new double[n];
        for (var row = n - 1; row >= 0; row--)
            x[row] = (b[row] - Enumerable.Range(row + 1, n - row - 1).Sum(column => a[row, column] * x[column])) / a[row, row];
        return x;
    }
}
