using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Benchmarks.Training.Steps;

/// <summary>
/// The products of <see cref="CatalogueLoss"/> alone, panel by panel as there: (table times rows), (table' times panel) and (panel times rows). A tile over the edge is computed whole, as there, but
/// not copied.
/// </summary>
/// <typeparam name="TTile">The kernel.</typeparam>
/// <param name="arena">Where the panel comes from.</param>
/// <param name="hidden">Rows.</param>
/// <param name="table">Movies, and room for a tile behind them.</param>
/// <param name="slopes">Receives what would be the table's gradient; as large.</param>
/// <param name="movies">How many movies.</param>
internal sealed unsafe class PanelProducts<TTile>(Arena arena, MatrixView hidden, MatrixView table, MatrixView slopes, int movies) where TTile : struct, IPanelTile
{
    private const int MoviesAtATime = 96;
    private readonly int _width = hidden.Columns;
    private readonly float* _panel = arena.TakeZeros((long)(movies + MoviesAtATime) * TTile.Columns);
    private readonly float* _byFactor = arena.Take<float>((long)hidden.Columns * TTile.Columns);
    private readonly float* _byRow = arena.Take<float>((long)(hidden.Columns + TTile.Columns) * TTile.Columns);
    private readonly float* _rowSlopes = arena.TakeZeros((long)(hidden.Columns + TTile.Rows) * TTile.Columns);

    /// <summary>Does them for all rows.</summary>
    public void Run()
    {
        for (var row = 0; row < hidden.Rows; row += TTile.Columns)
            Panel(hidden.Block(row, 0, Math.Min(TTile.Columns, hidden.Rows - row), _width));
    }

    private void Panel(MatrixView rows)
    {
        Packing.Pack(rows, TTile.Columns, negate: false, _byFactor);
        for (var movie = 0; movie < movies; movie += TTile.Rows)
        {
            CacheLines.Fetch(table.At(movie + TTile.Rows, 0), TTile.Rows * _width);
            TTile.Accumulate(table.At(movie, 0), _width, 1, _byFactor, _width, At(movie), TTile.Columns);
        }

        Packing.Pack(rows.Transposed, TTile.Columns, negate: false, _byRow);
        for (var movie = 0; movie < movies; movie += MoviesAtATime)
            Gradients(movie, Math.Min(MoviesAtATime, movies - movie), rows.Rows);
    }

    private void Gradients(int first, int count, int rows)
    {
        for (var factor = 0; factor < _width; factor += TTile.Rows)
        {
            CacheLines.Fetch(table.At(first + count, 0) + ((nint)factor * count), TTile.Rows * count);
            TTile.Accumulate(table.At(first, factor), 1, _width, At(first), count, _rowSlopes + (factor * TTile.Columns), TTile.Columns);
        }

        for (var movie = first; movie < first + count; movie += TTile.Rows)
        {
            CacheLines.Fetch(slopes.At(movie + TTile.Rows, 0), TTile.Rows * _width);
            for (var factor = 0; factor < _width; factor += TTile.Columns)
                TTile.Accumulate(At(movie), TTile.Columns, 1, _byRow + ((nint)factor * rows), rows, slopes.At(movie, factor), _width);
        }
    }

    private float* At(int movie) => _panel + ((nint)movie * TTile.Columns);
}
