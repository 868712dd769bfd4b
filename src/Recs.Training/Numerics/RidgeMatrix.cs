using System.Runtime.CompilerServices;

namespace Recs.Training.Numerics;

/// <summary>
/// X'X + ridge I for some rows of factors: the matrix of one person's or one movie's least-squares problem, for <see cref="SmallSystem{TLanes}"/> or
/// <see cref="NonNegativeLeastSquares{TLanes}"/>. Padding columns of X are zero, and the ridge keeps them regular.
/// </summary>
/// <typeparam name="TLanes">The kind of lanes; no bit depends on it.</typeparam>
internal static unsafe class RidgeMatrix<TLanes> where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Writes the upper triangle of X'X + ridge I, diagonal included; what lies below it is not a result.</summary>
    /// <param name="a">Receives width x width numbers.</param>
    /// <param name="rows">First number of row 0 of all rows.</param>
    /// <param name="width">Numbers per row, a multiple of 16.</param>
    /// <param name="which">The rows of X.</param>
    /// <param name="count">How many.</param>
    /// <param name="ridge">Added to the diagonal, above 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(float* a, float* rows, int width, int* which, int count, float ridge)
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
}
