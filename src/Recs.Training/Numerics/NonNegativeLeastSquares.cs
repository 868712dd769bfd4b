using System.Runtime.CompilerServices;

namespace Recs.Training.Numerics;

/// <summary>
/// The least x'Ax - 2 b'x over x that are nowhere negative, A symmetric positive definite, by coordinate descent: one coordinate after the other is set to its best value
/// (Hsieh and Dhillon, "Fast Coordinate Descent Methods with Variable Selection for Non-negative Matrix Factorization", 2011).
/// </summary>
/// <typeparam name="TLanes">The kind of lanes; no bit depends on it.</typeparam>
internal static unsafe class NonNegativeLeastSquares<TLanes> where TLanes : struct, ILanes<TLanes>
{
    private const float Settled = 1e-6f; // relative to the greatest coordinate: the precision of single numbers

    /// <summary>Improves x until it moves no more.</summary>
    /// <param name="a">Width x width numbers, both triangles.</param>
    /// <param name="b">Right-hand side.</param>
    /// <param name="x">Where to start, nowhere negative; receives the result.</param>
    /// <param name="width">Numbers per row, a multiple of 16.</param>
    /// <param name="sweeps">Passes over all coordinates at most.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Improve(float* a, float* b, float* x, int width, int sweeps)
    {
        for (var sweep = 0; sweep < sweeps; sweep++)
        {
            var (moved, greatest) = (0f, 0f);
            for (var i = 0; i < width; i++)
            {
                var row = a + (i * width);
                var next = MathF.Max(0, x[i] + ((b[i] - FactorRows<TLanes>.Dot(row, x, width)) / row[i]));
                moved = MathF.Max(moved, MathF.Abs(next - x[i]));
                greatest = MathF.Max(greatest, next);
                x[i] = next;
            }

            if (moved <= Settled * greatest)
                return;
        }
    }

    /// <summary>Copies the upper triangle of A to the lower one.</summary>
    public static void Mirror(float* a, int width)
    {
        for (var i = 0; i < width; i++)
            for (var j = 0; j < i; j++)
                a[(i * width) + j] = a[(j * width) + i];
    }
}
