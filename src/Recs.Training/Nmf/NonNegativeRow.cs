using System.Runtime.CompilerServices;
using Recs.Training.Numerics;

namespace Recs.Training.Nmf;

/// <summary>
/// The best row x that is nowhere negative, the rows y of the other side fixed: the least Σ (r - x y')² + n λ |x|² over the n ratings of the row.
/// </summary>
/// <typeparam name="TLanes">The kind of lanes; no bit depends on it.</typeparam>
internal static unsafe class NonNegativeRow<TLanes> where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Numbers of memory that a width needs.</summary>
    public static int MemoryFor(int width) => (width + 1) * width;

    /// <summary>Improves a row.</summary>
    /// <param name="x">Where to start, nowhere negative; receives the result.</param>
    /// <param name="y">First number of row 0 of the other side.</param>
    /// <param name="width">Numbers per row, a multiple of 16.</param>
    /// <param name="which">Rows of the other side, at least one.</param>
    /// <param name="stars">The rating of each.</param>
    /// <param name="count">How many.</param>
    /// <param name="regularization">λ, above 0.</param>
    /// <param name="sweeps">Passes over the factors at most.</param>
    /// <param name="memory"><see cref="MemoryFor"/> numbers; then holds Y'Y + n λ I.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Improve(float* x, float* y, int width, int* which, float* stars, int count, float regularization, int sweeps, float* memory)
    {
        float* a = memory, b = memory + (width * width);
        RidgeMatrix<TLanes>.Fill(a, y, width, which, count, regularization * count);
        NonNegativeLeastSquares<TLanes>.Mirror(a, width);
        new Span<float>(b, width).Clear();
        FactorRows<TLanes>.Combine(b, y, width, width, which, stars, count);
        NonNegativeLeastSquares<TLanes>.Improve(a, b, x, width, sweeps);
    }

    /// <summary>The sum of the squared errors of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SquaredErrors(float* x, float* y, int width, int* which, float* stars, int count)
    {
        var sum = 0.0;
        for (var k = 0; k < count; k++)
        {
            double error = stars[k] - FactorRows<TLanes>.Dot(x, y + ((nint)which[k] * width), width);
            sum += error * error;
        }

        return sum;
    }
}
