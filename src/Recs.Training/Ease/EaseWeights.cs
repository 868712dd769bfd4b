using Recs.Training.Fitting;
using Recs.Training.Numerics;

namespace Recs.Training.Ease;

/// <summary>B = I - P diag(1 / P's diagonal): element (i, j) is -P(i, j) / P(j, j), and 0 on the diagonal.</summary>
internal static class EaseWeights
{
    private const int Tile = 64; // x Tile numbers of P are read along columns while they stay in the first-level cache

    /// <summary>The weights, from the upper triangle of P.</summary>
    public static Matrix Of(Matrix p, FitRun run)
    {
        var b = new Matrix(p.Rows, p.Rows);
        var diagonal = new float[p.Rows];
        for (var i = 0; i < diagonal.Length; i++)
            diagonal[i] = p[i, i];
        Workers.Run(run.Compute.Threads, (p.Rows + Tile - 1) / Tile, job =>
        {
            var first = job * Tile;
            var end = Math.Min(first + Tile, p.Rows);
            for (var row = first; row < end; row++)
                FromRow(p, diagonal, b, row);
            for (var tile = 0; tile <= first; tile += Tile)
                FromColumns(p, diagonal, b, first, end, tile);
        });
        return b;
    }

    /// <summary>Right of the diagonal P's own row is there.</summary>
    private static void FromRow(Matrix p, ReadOnlySpan<float> diagonal, Matrix b, int row)
    {
        Span<float> source = p.Row(row), target = b.Row(row);
        for (var column = row + 1; column < target.Length; column++)
            target[column] = -source[column] / diagonal[column];
    }

    /// <summary>Left of the diagonal P(i, j) is P(j, i).</summary>
    private static void FromColumns(Matrix p, ReadOnlySpan<float> diagonal, Matrix b, int first, int end, int tile)
    {
        for (var column = tile; column < Math.Min(tile + Tile, end); column++)
        {
            var source = p.Row(column);
            for (var row = Math.Max(first, column + 1); row < end; row++)
                b.Row(row)[column] = -source[row] / diagonal[column];
        }
    }
}
