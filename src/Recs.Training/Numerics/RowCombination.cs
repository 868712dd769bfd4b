using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recs.Training.Numerics;

/// <summary>
/// The weighted sum of rows, <c>y[j] = y[j] + w[0] r[0][j] + w[1] r[1][j] + ...</c>: one fused multiply-add per term, in the order of the rows.
/// An element's sum never crosses lanes, so the width of a vector does not change its bits.
/// </summary>
internal static unsafe class RowCombination
{
    /// <summary>Adds the rows to <paramref name="y"/>.</summary>
    /// <param name="isa">Instruction set.</param>
    /// <param name="y">Receives the sum.</param>
    /// <param name="rows">Starts of the rows.</param>
    /// <param name="weights">One weight per row.</param>
    /// <param name="count">Number of rows.</param>
    /// <param name="columns">Elements per row.</param>
    public static void Add(Isa isa, float* y, float** rows, float* weights, int count, int columns)
    {
        var done = isa switch
        {
            Isa.Avx512 => Avx512(y, rows, weights, count, columns),
            Isa.Avx2 => Avx2(y, rows, weights, count, columns),
            _ => 0,
        };
        for (var j = done; j < columns; j++)
        {
            var sum = y[j];
            for (var k = 0; k < count; k++)
                sum = MathF.FusedMultiplyAdd(weights[k], rows[k][j], sum);
            y[j] = sum;
        }
    }

    private static int Avx512(float* y, float** rows, float* weights, int count, int columns)
    {
        const int lanes = 16;
        var j = 0;
        for (; j <= columns - (4 * lanes); j += 4 * lanes)
        {
            Vector512<float> a = Vector512.Load(y + j), b = Vector512.Load(y + j + lanes), c = Vector512.Load(y + j + (2 * lanes)), d = Vector512.Load(y + j + (3 * lanes));
            for (var k = 0; k < count; k++)
            {
                var w = Vector512.Create(weights[k]);
                var row = rows[k] + j;
                a = Avx512F.FusedMultiplyAdd(w, Vector512.Load(row), a);
                b = Avx512F.FusedMultiplyAdd(w, Vector512.Load(row + lanes), b);
                c = Avx512F.FusedMultiplyAdd(w, Vector512.Load(row + (2 * lanes)), c);
                d = Avx512F.FusedMultiplyAdd(w, Vector512.Load(row + (3 * lanes)), d);
            }

            a.Store(y + j);
            b.Store(y + j + lanes);
            c.Store(y + j + (2 * lanes));
            d.Store(y + j + (3 * lanes));
        }

        return j;
    }

    private static int Avx2(float* y, float** rows, float* weights, int count, int columns)
    {
        const int lanes = 8;
        var j = 0;
        for (; j <= columns - (4 * lanes); j += 4 * lanes)
        {
            Vector256<float> a = Vector256.Load(y + j), b = Vector256.Load(y + j + lanes), c = Vector256.Load(y + j + (2 * lanes)), d = Vector256.Load(y + j + (3 * lanes));
            for (var k = 0; k < count; k++)
            {
                var w = Vector256.Create(weights[k]);
                var row = rows[k] + j;
                a = Fma.MultiplyAdd(w, Vector256.Load(row), a);
                b = Fma.MultiplyAdd(w, Vector256.Load(row + lanes), b);
                c = Fma.MultiplyAdd(w, Vector256.Load(row + (2 * lanes)), c);
                d = Fma.MultiplyAdd(w, Vector256.Load(row + (3 * lanes)), d);
            }

            a.Store(y + j);
            b.Store(y + j + lanes);
            c.Store(y + j + (2 * lanes));
            d.Store(y + j + (3 * lanes));
        }

        return j;
    }
}
