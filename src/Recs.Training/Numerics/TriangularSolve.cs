namespace Recs.Training.Numerics;

/// <summary>Solves with a Cholesky factor for many right-hand sides at once. Every right-hand side is a column, and no column touches another.</summary>
public static unsafe class TriangularSolve
{
    private const int ColumnsAtATime = 256;

    /// <summary>Replaces B by (U'U)^-1 B.</summary>
    /// <param name="compute">Instruction set and threads; no bit depends on them.</param>
    /// <param name="u">Upper triangular factor from <see cref="Cholesky.Factor"/>.</param>
    /// <param name="b">Right-hand sides, one per column.</param>
    /// <param name="progress">Told the share that is done, 0 to 1, from several threads; may throw to stop.</param>
    public static void Solve(Compute compute, Matrix u, Matrix b, Action<double>? progress = null)
    {
        if (u.Rows != u.Columns || u.Rows != b.Rows)
            throw new ArgumentException($"Cannot solve a {u.Rows} x {u.Columns} factor for {b.Rows} x {b.Columns} right-hand sides.");
        MatrixView factor = MatrixView.Of(u), sides = MatrixView.Of(b);
        var jobs = (b.Columns + ColumnsAtATime - 1) / ColumnsAtATime;
        var done = 0;
        Workers.Run(compute.Threads, jobs, static () => new PackBuffers(), (buffers, job) =>
        {
            var first = job * ColumnsAtATime;
            var columns = sides.Block(0, first, sides.Rows, Math.Min(ColumnsAtATime, sides.Columns - first));
            Forward(compute.Isa, buffers, factor, columns);
            Backward(compute.Isa, buffers, factor, columns);
            progress?.Invoke((double)Interlocked.Increment(ref done) / jobs);
        });
    }

    /// <summary>B = U'^-1 B, block by block from the top.</summary>
    internal static void Forward(Isa isa, PackBuffers buffers, MatrixView u, MatrixView b)
    {
        for (var start = 0; start < u.Rows; start += Cholesky.Block)
        {
            var size = Math.Min(Cholesky.Block, u.Rows - start);
            var (rest, below) = (start + size, u.Rows - start - size);
            var solved = b.Block(start, 0, size, b.Columns);
            TransposedBlock(isa, u.Block(start, start, size, size), solved);
            MatrixProduct.Run(isa, buffers, u.Block(start, rest, size, below).Transposed, solved, b.Block(rest, 0, below, b.Columns), subtract: true);
        }
    }

    /// <summary>B = U^-1 B, block by block from the bottom.</summary>
    private static void Backward(Isa isa, PackBuffers buffers, MatrixView u, MatrixView b)
    {
        for (var start = (u.Rows - 1) / Cholesky.Block * Cholesky.Block; start >= 0; start -= Cholesky.Block)
        {
            var size = Math.Min(Cholesky.Block, u.Rows - start);
            var solved = b.Block(start, 0, size, b.Columns);
            UpperBlock(isa, u.Block(start, start, size, size), solved);
            MatrixProduct.Run(isa, buffers, u.Block(0, start, start, size), solved, b.Block(0, 0, start, b.Columns), subtract: true);
        }
    }

    /// <summary>B = U'^-1 B for one block of at most <see cref="Cholesky.Block"/> rows.</summary>
    internal static void TransposedBlock(Isa isa, MatrixView u, MatrixView b)
    {
        var rows = stackalloc float*[Cholesky.Block];
        var weights = stackalloc float[Cholesky.Block];
        for (var i = 0; i < u.Rows; i++)
        {
            for (var k = 0; k < i; k++)
            {
                rows[k] = b.At(k, 0);
                weights[k] = -*u.At(k, i);
            }

            RowCombination.Add(isa, b.At(i, 0), rows, weights, i, b.Columns);
            RowDivision.Divide(b.At(i, 0), *u.At(i, i), b.Columns);
        }
    }

    private static void UpperBlock(Isa isa, MatrixView u, MatrixView b)
    {
        var rows = stackalloc float*[Cholesky.Block];
        var weights = stackalloc float[Cholesky.Block];
        for (var i = u.Rows - 1; i >= 0; i--)
        {
            var count = u.Rows - 1 - i;
            for (var k = 0; k < count; k++)
            {
                rows[k] = b.At(i + 1 + k, 0);
                weights[k] = -*u.At(i, i + 1 + k);
            }

            RowCombination.Add(isa, b.At(i, 0), rows, weights, count, b.Columns);
            RowDivision.Divide(b.At(i, 0), *u.At(i, i), b.Columns);
        }
    }
}
