using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recs.Training.Numerics;

/// <summary>8 x 32 elements in 16 registers of 16 lanes.</summary>
internal readonly unsafe struct Avx512Tile : IPanelTile
{
    public static int Rows => 8;
    public static int Columns => 32;

    public static void Accumulate(float* a, float* b, int depth, float* c, nint stride) => Run(a, 1, 8, b, depth, c, stride);

    public static void Accumulate(float* a, nint rowStep, nint depthStep, float* b, int depth, float* c, nint stride) => Run(a, rowStep, depthStep, b, depth, c, stride);

    /// <summary>Both ways of reading the left factor; where the steps are constants, they become part of the instructions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run(float* a, nint rowStep, nint depthStep, float* b, int depth, float* c, nint stride)
    {
        float* r0 = c, r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride, r4 = r3 + stride, r5 = r4 + stride, r6 = r5 + stride, r7 = r6 + stride;
        Vector512<float> c00 = Vector512.Load(r0), c01 = Vector512.Load(r0 + 16);
        Vector512<float> c10 = Vector512.Load(r1), c11 = Vector512.Load(r1 + 16);
        Vector512<float> c20 = Vector512.Load(r2), c21 = Vector512.Load(r2 + 16);
        Vector512<float> c30 = Vector512.Load(r3), c31 = Vector512.Load(r3 + 16);
        Vector512<float> c40 = Vector512.Load(r4), c41 = Vector512.Load(r4 + 16);
        Vector512<float> c50 = Vector512.Load(r5), c51 = Vector512.Load(r5 + 16);
        Vector512<float> c60 = Vector512.Load(r6), c61 = Vector512.Load(r6 + 16);
        Vector512<float> c70 = Vector512.Load(r7), c71 = Vector512.Load(r7 + 16);
        var (three, seven) = (3 * rowStep, 7 * rowStep);
        for (var end = b + ((nint)depth * 32); b != end; a += depthStep, b += 32)
        {
            Vector512<float> b0 = Vector512.Load(b), b1 = Vector512.Load(b + 16);
            var x = Vector512.Create(*a);
            c00 = Avx512F.FusedMultiplyAdd(x, b0, c00);
            c01 = Avx512F.FusedMultiplyAdd(x, b1, c01);
            x = Vector512.Create(a[rowStep]);
            c10 = Avx512F.FusedMultiplyAdd(x, b0, c10);
            c11 = Avx512F.FusedMultiplyAdd(x, b1, c11);
            x = Vector512.Create(a[2 * rowStep]);
            c20 = Avx512F.FusedMultiplyAdd(x, b0, c20);
            c21 = Avx512F.FusedMultiplyAdd(x, b1, c21);
            x = Vector512.Create(a[three]);
            c30 = Avx512F.FusedMultiplyAdd(x, b0, c30);
            c31 = Avx512F.FusedMultiplyAdd(x, b1, c31);
            x = Vector512.Create(a[4 * rowStep]);
            c40 = Avx512F.FusedMultiplyAdd(x, b0, c40);
            c41 = Avx512F.FusedMultiplyAdd(x, b1, c41);
            x = Vector512.Create(a[5 * rowStep]);
            c50 = Avx512F.FusedMultiplyAdd(x, b0, c50);
            c51 = Avx512F.FusedMultiplyAdd(x, b1, c51);
            x = Vector512.Create(a[2 * three]);
            c60 = Avx512F.FusedMultiplyAdd(x, b0, c60);
            c61 = Avx512F.FusedMultiplyAdd(x, b1, c61);
            x = Vector512.Create(a[seven]);
            c70 = Avx512F.FusedMultiplyAdd(x, b0, c70);
            c71 = Avx512F.FusedMultiplyAdd(x, b1, c71);
        }

        c00.Store(r0);
        c01.Store(r0 + 16);
        c10.Store(r1);
        c11.Store(r1 + 16);
        c20.Store(r2);
        c21.Store(r2 + 16);
        c30.Store(r3);
        c31.Store(r3 + 16);
        c40.Store(r4);
        c41.Store(r4 + 16);
        c50.Store(r5);
        c51.Store(r5 + 16);
        c60.Store(r6);
        c61.Store(r6 + 16);
        c70.Store(r7);
        c71.Store(r7 + 16);
    }
}
