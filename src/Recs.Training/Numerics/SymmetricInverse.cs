namespace Recs.Training.Numerics;

/// <summary>
/// Inverse of a symmetric positive definite matrix from its Cholesky factor: A = U'U, V = U'^-1 (lower triangular), A^-1 = V'V. Each of the three steps
/// leaves out what is zero or known by symmetry and so costs n^3 / 3 operations; solving for the identity would cost 7 / 3 n^3 instead of n^3.
/// </summary>
public static unsafe class SymmetricInverse
{
    private const int ColumnsAtATime = 128;

    /// <summary>Replaces the upper triangle of A (diagonal included) by that of its inverse. What lies below the diagonal is neither read nor kept.</summary>
    /// <param name="compute">Instruction set and threads; no bit depends on them.</param>
    /// <param name="a">Square.</param>
    /// <param name="progress">Told the share that is done, 0 to 1, from several threads; may throw to stop.</param>
    /// <exception cref="ArithmeticException">A is not positive definite in single precision; the message names the column.</exception>
    public static void Invert(Compute compute, Matrix a, Action<double>? progress = null)
    {
        Cholesky.Factor(compute, a, done => progress?.Invoke(done / 3));
        using var v = new Matrix(a.Rows, a.Rows);
        InvertFactor(compute, MatrixView.Of(a), MatrixView.Of(v), done => progress?.Invoke((1 + done) / 3));
        MultiplyBySelf(compute, MatrixView.Of(v), MatrixView.Of(a), done => progress?.Invoke((2 + done) / 3));
    }

    /// <summary>V = U'^-1. A column of V is zero above the diagonal, so only what lies below takes part.</summary>
    private static void InvertFactor(Compute compute, MatrixView u, MatrixView v, Action<double> progress) => ForColumns(compute, u.Rows, progress, (buffers, first, count) =>
    {
        var rest = u.Rows - first;
        var columns = v.Block(first, first, rest, count);
        for (var i = 0; i < count; i++)
            *columns.At(i, i) = 1;
        TriangularSolve.Forward(compute.Isa, buffers, u.Block(first, first, rest, rest), columns);
    });

    /// <summary>The upper triangle of P = V'V: element (i, j) sums over the rows from max(i, j) on, where both columns are not zero.</summary>
    private static void MultiplyBySelf(Compute compute, MatrixView v, MatrixView p, Action<double> progress) => ForColumns(compute, v.Rows, progress, (buffers, first, count) =>
    {
        var (rest, above) = (v.Rows - first, first + count);
        var columns = p.Block(0, first, above, count);
        for (var i = 0; i < above; i++)
            new Span<float>(columns.At(i, 0), count).Clear();
        MatrixProduct.Run(compute.Isa, buffers, v.Block(first, 0, rest, above).Transposed, v.Block(first, first, rest, count), columns, subtract: false);
    });

    private static void ForColumns(Compute compute, int columns, Action<double> progress, Action<PackBuffers, int, int> work)
    {
        var jobs = (columns + ColumnsAtATime - 1) / ColumnsAtATime;
        var done = 0;
        Workers.Run(compute.Threads, jobs, static () => new PackBuffers(), (buffers, job) =>
        {
            var first = job * ColumnsAtATime;
            work(buffers, first, Math.Min(ColumnsAtATime, columns - first));
            progress((double)Interlocked.Increment(ref done) / jobs);
        });
    }
}
