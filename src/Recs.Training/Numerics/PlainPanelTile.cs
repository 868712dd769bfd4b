namespace Recs.Training.Numerics;

/// <summary>4 x 16 elements in memory, for machines without vector instructions of ours.</summary>
internal readonly unsafe struct PlainPanelTile : IPanelTile
{
    public static int Rows => 4;
    public static int Columns => Lanes.Count;

    public static void Accumulate(float* a, float* b, int depth, float* c, nint stride) => Accumulate(a, 1, Rows, b, depth, c, stride);

    public static void Accumulate(float* a, nint rowStep, nint depthStep, float* b, int depth, float* c, nint stride)
    {
        for (var k = 0; k < depth; k++, a += depthStep, b += Lanes.Count)
            for (var row = 0; row < Rows; row++)
                Add(a[row * rowStep], b, c + (row * stride));
    }

    private static void Add(float weight, float* b, float* c)
    {
        for (var lane = 0; lane < Lanes.Count; lane++)
            c[lane] = MathF.FusedMultiplyAdd(weight, b[lane], c[lane]);
    }
}
