using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Recs.Training.Numerics;

namespace Recs.Benchmarks.Training;

/// <summary>What one core can do at most: fused multiply-adds on registers alone, twelve independent chains, no memory.</summary>
internal static class PeakArithmetic
{
    private const int Rounds = 20_000_000;

    /// <summary>GFLOP/s of one core, the best of three runs.</summary>
    public static double GigaflopsPerSecond(Isa isa)
    {
        var best = 0.0;
        for (var run = 0; run < 4; run++) // the first one also compiles
        {
            var started = Stopwatch.GetTimestamp();
            var sink = isa switch { Isa.Avx512 => Avx512(), Isa.Avx2 => Avx2(), _ => Plain() };
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            var lanes = isa switch { Isa.Avx512 => 16, Isa.Avx2 => 8, _ => 1 };
            best = Math.Max(best, float.IsNaN(sink) ? 0 : 2.0 * 12 * lanes * Rounds / seconds / 1e9);
        }

        return best;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Avx512()
    {
        Vector512<float> x = Vector512.Create(0.999f), a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (var round = 0; round < Rounds; round++)
        {
            a = Avx512F.FusedMultiplyAdd(a, x, x);
            b = Avx512F.FusedMultiplyAdd(b, x, x);
            c = Avx512F.FusedMultiplyAdd(c, x, x);
            d = Avx512F.FusedMultiplyAdd(d, x, x);
            e = Avx512F.FusedMultiplyAdd(e, x, x);
            f = Avx512F.FusedMultiplyAdd(f, x, x);
            g = Avx512F.FusedMultiplyAdd(g, x, x);
            h = Avx512F.FusedMultiplyAdd(h, x, x);
            i = Avx512F.FusedMultiplyAdd(i, x, x);
            j = Avx512F.FusedMultiplyAdd(j, x, x);
            k = Avx512F.FusedMultiplyAdd(k, x, x);
            l = Avx512F.FusedMultiplyAdd(l, x, x);
        }

        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Avx2()
    {
        Vector256<float> x = Vector256.Create(0.999f), a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (var round = 0; round < Rounds; round++)
        {
            a = Fma.MultiplyAdd(a, x, x);
            b = Fma.MultiplyAdd(b, x, x);
            c = Fma.MultiplyAdd(c, x, x);
            d = Fma.MultiplyAdd(d, x, x);
            e = Fma.MultiplyAdd(e, x, x);
            f = Fma.MultiplyAdd(f, x, x);
            g = Fma.MultiplyAdd(g, x, x);
            h = Fma.MultiplyAdd(h, x, x);
            i = Fma.MultiplyAdd(i, x, x);
            j = Fma.MultiplyAdd(j, x, x);
            k = Fma.MultiplyAdd(k, x, x);
            l = Fma.MultiplyAdd(l, x, x);
        }

        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Plain()
    {
        float x = 0.999f, a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        for (var round = 0; round < Rounds; round++)
        {
            a = MathF.FusedMultiplyAdd(a, x, x);
            b = MathF.FusedMultiplyAdd(b, x, x);
            c = MathF.FusedMultiplyAdd(c, x, x);
            d = MathF.FusedMultiplyAdd(d, x, x);
            e = MathF.FusedMultiplyAdd(e, x, x);
            f = MathF.FusedMultiplyAdd(f, x, x);
            g = MathF.FusedMultiplyAdd(g, x, x);
            h = MathF.FusedMultiplyAdd(h, x, x);
            i = MathF.FusedMultiplyAdd(i, x, x);
            j = MathF.FusedMultiplyAdd(j, x, x);
            k = MathF.FusedMultiplyAdd(k, x, x);
            l = MathF.FusedMultiplyAdd(l, x, x);
        }

        return a + b + c + d + e + f + g + h + i + j + k + l;
    }
}
