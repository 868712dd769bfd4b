namespace Recs.Training.Numerics;

/// <summary>X'X of tall X: the product kernel over blocks of rows on several threads, the blocks' products added in order.</summary>
internal static unsafe class GramMatrix
{
    private const int RowsAtATime = 4096; // part of the arithmetic: the same on every machine

    /// <summary>Computes X'X.</summary>
    /// <param name="compute">Instruction set and threads; no bit depends on them.</param>
    /// <param name="x">Rows one after the other.</param>
    /// <param name="width">Numbers per row.</param>
    /// <returns>Width x width numbers, row by row.</returns>
    public static float[] Of(Compute compute, float[] x, int width)
    {
        var rows = x.Length / width;
        var parts = new float[Math.Max(1, (rows + RowsAtATime - 1) / RowsAtATime)][];
        Workers.Run(compute.Threads, parts.Length, static () => new PackBuffers(), (buffers, part) =>
        {
            parts[part] = new float[width * width];
            var first = part * RowsAtATime;
            fixed (float* source = x, target = parts[part])
            {
                var block = new MatrixView(source + ((nint)first * width), Math.Min(RowsAtATime, rows - first), width, width, 1);
                MatrixProduct.Run(compute.Isa, buffers, block.Transposed, block, new(target, width, width, width, 1), subtract: false);
            }
        });
        foreach (var part in parts.AsSpan(1))
            for (var i = 0; i < part.Length; i++)
                parts[0][i] += part[i];
        return parts[0];
    }
}
