using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recs.Training.Numerics;

/// <summary>6 x 16 elements in 12 registers of 8 lanes.</summary>
internal readonly unsafe struct Avx2Tile : IPanelTile
{
    public static int Rows => 6;
    public static int Columns => 16;

    public static void Accumulate(float* a, float* b, int depth, float* c, nint stride) => Run(a, 1, 6, b, depth, c, stride);

    public static void Accumulate(float* a, nint rowStep, nint depthStep, float* b, int depth, float* c, nint stride) => Run(a, rowStep, depthStep, b, depth, c, stride);

    /// <summary>Both ways of reading the left factor; where the steps are constants, they become part of the instructions.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run(float* a, nint rowStep, nint depthStep, float* b, int depth, float* c, nint stride)
    {
        float* r0 = c, r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride, r4 = r3 + stride, r5 = r4 + stride;
        Vector256<float> c00 = Vector256.Load(r0), c01 = Vector256.Load(r0 + 8);
        Vector256<float> c10 = Vector256.Load(r1), c11 = Vector256.Load(r1 + 8);
        Vector256<float> c20 = Vector256.Load(r2), c21 = Vector256.Load(r2 + 8);
        Vector256<float> c30 = Vector256.Load(r3), c31 = Vector256.Load(r3 + 8);
        Vector256<float> c40 = Vector256.Load(r4), c41 = Vector256.Load(r4 + 8);
        Vector256<float> c50 = Vector256.Load(r5), c51 = Vector256.Load(r5 + 8);
        var three = 3 * rowStep;
        for (var end = b + ((nint)depth * 16); b != end; a += depthStep, b += 16)
        {
            Vector256<float> b0 = Vector256.Load(b), b1 = Vector256.Load(b + 8);
            var x = Vector256.Create(*a);
            c00 = Fma.MultiplyAdd(x, b0, c00);
            c01 = Fma.MultiplyAdd(x, b1, c01);
            x = Vector256.Create(a[rowStep]);
            c10 = Fma.MultiplyAdd(x, b0, c10);
            c11 = Fma.MultiplyAdd(x, b1, c11);
            x = Vector256.Create(a[2 * rowStep]);
            c20 = Fma.MultiplyAdd(x, b0, c20);
            c21 = Fma.MultiplyAdd(x, b1, c21);
            x = Vector256.Create(a[three]);
            c30 = Fma.MultiplyAdd(x, b0, c30);
            c31 = Fma.MultiplyAdd(x, b1, c31);
            x = Vector256.Create(a[4 * rowStep]);
            c40 = Fma.MultiplyAdd(x, b0, c40);
            c41 = Fma.MultiplyAdd(x, b1, c41);
            x = Vector256.Create(a[5 * rowStep]);
            c50 = Fma.MultiplyAdd(x, b0, c50);
            c51 = Fma.MultiplyAdd(x, b1, c51);
        }

        c00.Store(r0);
        c01.Store(r0 + 8);
        c10.Store(r1);
        c11.Store(r1 + 8);
        c20.Store(r2);
        c21.Store(r2 + 8);
        c30.Store(r3);
        c31.Store(r3 + 8);
        c40.Store(r4);
        c41.Store(r4 + 8);
        c50.Store(r5);
        c51.Store(r5 + 8);
    }
}
