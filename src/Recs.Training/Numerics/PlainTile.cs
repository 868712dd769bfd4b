namespace Recs.Training.Numerics;

/// <summary>4 x 2 elements in scalar variables, for machines without vector instructions of ours.</summary>
internal readonly unsafe struct PlainTile : IProductTile
{
    public static int Rows => 4;
    public static int Columns => 2;

    public static void Accumulate(float* a, float* b, int depth, float* c, nint stride)
    {
        float* r0 = c, r1 = r0 + stride, r2 = r1 + stride, r3 = r2 + stride;
        float c00 = r0[0], c01 = r0[1], c10 = r1[0], c11 = r1[1], c20 = r2[0], c21 = r2[1], c30 = r3[0], c31 = r3[1];
        for (var end = a + ((nint)depth * 4); a != end; a += 4, b += 2)
        {
            c00 = MathF.FusedMultiplyAdd(a[0], b[0], c00);
            c01 = MathF.FusedMultiplyAdd(a[0], b[1], c01);
            c10 = MathF.FusedMultiplyAdd(a[1], b[0], c10);
            c11 = MathF.FusedMultiplyAdd(a[1], b[1], c11);
            c20 = MathF.FusedMultiplyAdd(a[2], b[0], c20);
            c21 = MathF.FusedMultiplyAdd(a[2], b[1], c21);
            c30 = MathF.FusedMultiplyAdd(a[3], b[0], c30);
            c31 = MathF.FusedMultiplyAdd(a[3], b[1], c31);
        }

        (r0[0], r0[1], r1[0], r1[1], r2[0], r2[1], r3[0], r3[1]) = (c00, c01, c10, c11, c20, c21, c30, c31);
    }
}
