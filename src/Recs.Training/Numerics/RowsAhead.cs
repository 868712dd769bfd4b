using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Recs.Training.Numerics;

/// <summary>
/// Asks the processor for rows that a walk in random order is about to touch, so that it need not wait for them: where the rows do not fit into the caches, waiting is most of
/// a step's time. A hint alone: it changes no bit, and does nothing on a machine without the instruction.
/// </summary>
internal static unsafe class RowsAhead
{
    /// <summary>Steps between the request for a row and its use: enough for a row that comes from main memory, few enough that it is still there.</summary>
    public const int Steps = 8;

    /// <summary>Asks for a row.</summary>
    /// <param name="row">First number.</param>
    /// <param name="width">Numbers in the row, a multiple of 16, which is what a line of the cache holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(float* row, int width)
    {
        if (!Sse.IsSupported)
            return;
        for (var j = 0; j < width; j += Lanes.Count)
            Sse.Prefetch0(row + j);
        Sse.Prefetch0(row + width - 1); // rows need not begin where a line does
    }
}
