using System.Runtime.InteropServices;

namespace Recs.Training.Neural;

/// <summary>A matrix that was computed on a tape, kept when the tape is gone, where the garbage collector does not move it.</summary>
internal sealed unsafe class KeptRows
{
    private readonly float[] _numbers;
    private readonly int _rows;
    private readonly int _columns;

    /// <summary>Copies a matrix.</summary>
    public KeptRows(Node from)
    {
        (_rows, _columns) = (from.Rows, from.Columns);
        _numbers = GC.AllocateUninitializedArray<float>(Math.Max(1, from.Count), pinned: true);
        new Span<float>(from.Value, from.Count).CopyTo(_numbers);
    }

    /// <summary>The matrix, without a gradient; valid as long as this is kept alive.</summary>
    public Node Rows => new((float*)Marshal.UnsafeAddrOfPinnedArrayElement(_numbers, 0), null, _rows, _columns);
}
