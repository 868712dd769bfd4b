using System.Runtime.CompilerServices;

namespace Recs.Training.Numerics;

/// <summary>
/// A small symmetric positive definite system (X'X + ridge I) s = b, of the size of a row of factors, solved by Cholesky factorisation U'U in memory of the caller
/// (Golub and Van Loan, "Matrix Computations", 4.2). Rows are padded to 16 numbers; padding columns of X are zero, and the ridge keeps them regular.
/// </summary>
/// <typeparam name="TLanes">The kind of lanes; no bit depends on it.</typeparam>
internal static unsafe class RidgeSystem<TLanes> where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Writes the upper triangle of X'X + ridge I, diagonal included; what lies below it is not a result.</summary>
    /// <param name="a">Receives width x width numbers.</param>
    /// <param name="rows">First number of row 0 of all rows.</param>
    /// <param name="width">Numbers per row, a multiple of 16.</param>
    /// <param name="which">The rows of X.</param>
    /// <param name="count">How many.</param>
    /// <param name="ridge">Added to the diagonal, above 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gram(float* a, float* rows, int width, int* which, int count, float ridge)
    {
        new Span<float>(a, width * width).Clear();
        for (var i = 0; i < width; i++)
            a[(i * width) + i] = ridge;
        var place = 0;
        for (; place <= count - 4; place += 4) // four at a time: a quarter of the loads and stores of A, the same sums in the same order
        {
            float* p = rows + ((nint)which[place] * width), q = rows + ((nint)which[place + 1] * width);
            float* r = rows + ((nint)which[place + 2] * width), s = rows + ((nint)which[place + 3] * width);
            for (var i = 0; i < width; i++)
            {
                TLanes pi = TLanes.All(p[i]), qi = TLanes.All(q[i]), ri = TLanes.All(r[i]), si = TLanes.All(s[i]);
                var row = a + (i * width);
                for (var j = i & -Lanes.Count; j < width; j += Lanes.Count)
                {
                    var sum = TLanes.MultiplyAdd(pi, TLanes.Load(p + j), TLanes.Load(row + j));
                    sum = TLanes.MultiplyAdd(qi, TLanes.Load(q + j), sum);
                    sum = TLanes.MultiplyAdd(ri, TLanes.Load(r + j), sum);
                    TLanes.Store(TLanes.MultiplyAdd(si, TLanes.Load(s + j), sum), row + j);
                }
            }
        }

        for (; place < count; place++)
        {
            var p = rows + ((nint)which[place] * width);
            for (var i = 0; i < width; i++)
            {
                var from = i & -Lanes.Count;
                FactorRows<TLanes>.Add(a + (i * width) + from, p + from, p[i], width - from);
            }
        }
    }

    /// <summary>Replaces A by U, valid from the diagonal of each row on.</summary>
    /// <param name="a">As <see cref="Gram"/> left it.</param>
    /// <param name="width">Numbers per row.</param>
    /// <param name="ridge">What was added to the diagonal. No pivot is below it but by rounding, so one that is counts as the ridge.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Factor(float* a, int width, float ridge)
    {
        for (var i = 0; i < width; i++)
        {
            var row = a + (i * width);
            var root = MathF.Sqrt(MathF.Max(row[i], ridge));
            var scale = TLanes.All(1 / root);
            for (var j = i & -Lanes.Count; j < width; j += Lanes.Count)
                TLanes.Store(TLanes.Multiply(scale, TLanes.Load(row + j)), row + j);
            row[i] = root;
            for (var below = i + 1; below < width; below++)
            {
                var from = below & -Lanes.Count;
                FactorRows<TLanes>.Add(a + (below * width) + from, row + from, -row[below], width - from);
            }
        }
    }

    /// <summary>Replaces b by (U'U)^-1 b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Solve(float* u, float* b, int width)
    {
        for (var i = 0; i < width; i++)
        {
            var row = u + (i * width);
            b[i] /= row[i];
            var j = i + 1;
            for (; j < width && j % Lanes.Count != 0; j++)
                b[j] = MathF.FusedMultiplyAdd(-b[i], row[j], b[j]);
            FactorRows<TLanes>.Add(b + j, row + j, -b[i], width - j);
        }

        for (var i = width - 1; i >= 0; i--)
        {
            var row = u + (i * width);
            var (sum, j) = (b[i], i + 1);
            for (; j < width && j % Lanes.Count != 0; j++)
                sum = MathF.FusedMultiplyAdd(-row[j], b[j], sum);
            b[i] = (sum - FactorRows<TLanes>.Dot(row + j, b + j, width - j)) / row[i];
        }
    }
}
