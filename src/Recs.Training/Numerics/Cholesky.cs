namespace Recs.Training.Numerics;

/// <summary>
/// Cholesky factorisation A = U'U of a symmetric positive definite matrix, U upper triangular, blocked so that nearly all work is matrix
/// product (Golub and Van Loan, "Matrix Computations", 4.2). The block size is part of the arithmetic and the same on every machine.
/// </summary>
public static unsafe class Cholesky
{
    internal const int Block = 256;
    private const int ColumnsAtATime = 256;
    private const int RowsAtATime = 128;

    /// <summary>Replaces the upper triangle of A (diagonal included) by U. What lies below the diagonal is neither read nor kept.</summary>
    /// <param name="compute">Instruction set and threads; no bit depends on them.</param>
    /// <param name="a">Square.</param>
    /// <param name="progress">Told the share that is done, 0 to 1; may throw to stop.</param>
    /// <exception cref="ArithmeticException">A is not positive definite in single precision; the message names the column.</exception>
    public static void Factor(Compute compute, Matrix a, Action<double>? progress = null)
    {
        if (a.Rows != a.Columns)
            throw new ArgumentException($"A {a.Rows} x {a.Columns} matrix has no Cholesky factor.", nameof(a));
        var view = MatrixView.Of(a);
        for (var start = 0; start < a.Rows; start += Block)
        {
            var size = Math.Min(Block, a.Rows - start);
            var rest = start + size;
            FactorDiagonal(compute.Isa, view.Block(start, start, size, size), start);
            SolvePanel(compute, view.Block(start, start, size, size), view.Block(start, rest, size, a.Rows - rest));
            UpdateRest(compute, view.Block(start, rest, size, a.Rows - rest), view.Block(rest, rest, a.Rows - rest, a.Rows - rest));
            progress?.Invoke(1 - Cube(1 - ((double)rest / a.Rows)));
        }
    }

    private static void FactorDiagonal(Isa isa, MatrixView a, int firstColumn)
    {
        var rows = stackalloc float*[Block];
        var weights = stackalloc float[Block];
        for (var i = 0; i < a.Rows; i++)
        {
            for (var k = 0; k < i; k++)
            {
                rows[k] = a.At(k, i);
                weights[k] = -*rows[k];
            }

            RowCombination.Add(isa, a.At(i, i), rows, weights, i, a.Columns - i);
            var pivot = *a.At(i, i);
            if (!(pivot > 0))
                throw new ArithmeticException($"The matrix is not positive definite: pivot {firstColumn + i} is {pivot}. A larger ridge makes it so.");
            RowDivision.Divide(a.At(i, i), MathF.Sqrt(pivot), a.Columns - i);
        }
    }

    /// <summary>U12 = U11'^-1 A12.</summary>
    private static void SolvePanel(Compute compute, MatrixView u, MatrixView panel)
        => Workers.Run(compute.Threads, (panel.Columns + ColumnsAtATime - 1) / ColumnsAtATime, job =>
        {
            var first = job * ColumnsAtATime;
            TriangularSolve.TransposedBlock(compute.Isa, u, panel.Block(0, first, panel.Rows, Math.Min(ColumnsAtATime, panel.Columns - first)));
        });

    /// <summary>A22 = A22 - U12'U12, on and above the diagonal blocks.</summary>
    private static void UpdateRest(Compute compute, MatrixView panel, MatrixView rest)
        => Workers.Run(compute.Threads, (rest.Rows + RowsAtATime - 1) / RowsAtATime, static () => new PackBuffers(), (buffers, job) =>
        {
            var first = job * RowsAtATime;
            var rows = Math.Min(RowsAtATime, rest.Rows - first);
            MatrixProduct.Run(
                compute.Isa, buffers, panel.Block(0, first, panel.Rows, rows).Transposed, panel.Block(0, first, panel.Rows, panel.Columns - first),
                rest.Block(first, first, rows, rest.Columns - first), subtract: true);
        });

    private static double Cube(double x) => x * x * x;
}
