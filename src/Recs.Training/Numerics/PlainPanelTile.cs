namespace Recs.Training.Numerics;

/// <summary>4 x 16 elements in memory, for machines without vector instructions of ours.</summary>
internal readonly unsafe struct PlainPanelTile : IPanelTile
{
    public static int Rows => 4;
    public static int Columns => Lanes.Count;

    public static void Accumulate(float* a, float* b, int depth, float* c, nint stride)
    {
        for (var k = 0; k < depth; k++, a += Rows, b += Lanes.Count)
            for (var row = 0; row < Rows; row++)
                Add(a[row], b, c + (row * stride));
    }

    public static void AccumulatePanel(float* panel, float* b, float* c, nint stride)
    {
        for (var k = 0; k < Lanes.Count; k++, b += Lanes.Count)
            for (var row = 0; row < Rows; row++)
                Add(panel[(row * Lanes.Count) + k], b, c + (row * stride));
    }

    private static void Add(float weight, float* b, float* c)
    {
        for (var lane = 0; lane < Lanes.Count; lane++)
            c[lane] = MathF.FusedMultiplyAdd(weight, b[lane], c[lane]);
    }
}
