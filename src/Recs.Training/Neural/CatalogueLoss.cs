using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>What each row of a hidden matrix should have told: movies with weights.</summary>
/// <param name="start">Place of each row's first movie, and behind the last row the number of entries.</param>
/// <param name="movie">Row of the table per entry.</param>
/// <param name="weight">Weight of each entry in the loss.</param>
internal readonly struct Targets(int[] start, int[] movie, float[] weight)
{
    public readonly int[] Start = start;
    public readonly int[] Movie = movie;
    public readonly float[] Weight = weight;
}

/// <summary>
/// Softmax cross-entropy over the whole catalogue: Σ over rows and targets of weight (log Σ exp(h e + b) - h e(target) - b(target)). The products of rows and movies are never all
/// there at once: a panel of some rows by all movies stays in the second-level cache while the products, the softmax and the gradients of rows and movies are taken from it, so the
/// gradient is complete when the loss is known and nothing is left for the way back.
/// </summary>
internal static unsafe class CatalogueLoss
{
    /// <summary>Computes the loss and, on a tape that learns, adds its gradients at once to those of its arguments.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="hidden">n x width.</param>
    /// <param name="table">movies x width.</param>
    /// <param name="bias">1 x movies, rounded up to 16.</param>
    /// <param name="movies">Rows of the table that are movies.</param>
    /// <param name="targets">What each row should have told.</param>
    /// <returns>The loss.</returns>
    public static double Apply(Tape tape, Node hidden, Node table, Node bias, int movies, Targets targets) => tape.Isa switch
    {
        Isa.Avx512 => new CataloguePanel<Avx512Tile, Avx512Lanes>(tape, hidden, table, bias, movies).Run(targets),
        Isa.Avx2 => new CataloguePanel<Avx2Tile, Avx2Lanes>(tape, hidden, table, bias, movies).Run(targets),
        _ => new CataloguePanel<PlainPanelTile, PlainLanes>(tape, hidden, table, bias, movies).Run(targets),
    };
}

/// <summary>One calculation of <see cref="CatalogueLoss"/>.</summary>
/// <remarks>
/// The panel holds strips of <c>TTile.Columns</c> rows; a strip holds, for each movie, one number per row. That is at once the result of table times rows, the right factor of
/// (table' times panel), which gives the rows' gradient, and the left factor of (panel times rows), which gives the table's; so nothing is ever packed anew. A lane is a row of the hidden
/// matrix, so a row's sum over the movies goes from the first to the last whatever the lanes are.
/// </remarks>
internal readonly unsafe ref struct CataloguePanel<TTile, TLanes>
    where TTile : struct, IPanelTile
    where TLanes : struct, ILanes<TLanes>
{
    private const int RowsAtATime = 32;
    private readonly Tape _tape;
    private readonly Node _hidden, _table, _bias;
    private readonly int _movies, _width, _tileMovies;
    private readonly float* _byMovie; // the table in strips of TTile.Rows movies
    private readonly float* _byFactor; // the table in strips of TTile.Rows factors
    private readonly float* _panel;
    private readonly float* _rows; // packed rows, one strip after the other
    private readonly float* _scaled; // rows times their share, packed by columns
    private readonly float* _slopes; // width x RowsAtATime, by strips
    private readonly float* _tile;

    public CataloguePanel(Tape tape, Node hidden, Node table, Node bias, int movies)
    {
        (_tape, _hidden, _table, _bias, _movies, _width) = (tape, hidden, table, bias, movies, table.Columns);
        _tileMovies = (movies + TTile.Rows - 1) / TTile.Rows * TTile.Rows;
        var factors = (_width + TTile.Rows - 1) / TTile.Rows * TTile.Rows;
        var arena = tape.Arena;
        _byMovie = arena.Take<float>((long)_tileMovies * _width);
        Packing.Pack(new(table.Value, movies, _width, _width, 1), TTile.Rows, negate: false, _byMovie);
        _panel = arena.Take<float>((long)_tileMovies * RowsAtATime);
        _rows = arena.Take<float>((long)_width * RowsAtATime);
        _tile = arena.Take<float>(TTile.Rows * TTile.Columns);
        if (!tape.Learns)
            return;
        _byFactor = arena.Take<float>((long)factors * movies);
        Packing.Pack(new(table.Value, _width, movies, 1, _width), TTile.Rows, negate: false, _byFactor);
        _scaled = arena.Take<float>((long)((_width + TTile.Columns - 1) / TTile.Columns * TTile.Columns) * RowsAtATime);
        _slopes = arena.Take<float>((long)factors * RowsAtATime);
    }

    /// <summary>The loss of all rows.</summary>
    public double Run(Targets targets)
    {
        var loss = 0.0;
        for (var row = 0; row < _hidden.Rows; row += RowsAtATime)
            loss += Rows(row, Math.Min(RowsAtATime, _hidden.Rows - row), targets);
        return loss;
    }

    private double Rows(int first, int count, Targets targets)
    {
        var strips = (count + TTile.Columns - 1) / TTile.Columns;
        Packing.Pack(new(_hidden.Value + ((nint)first * _width), count, _width, _width, 1), TTile.Columns, negate: false, _rows);
        var most = stackalloc float[RowsAtATime];
        var sums = stackalloc float[RowsAtATime];
        for (var strip = 0; strip < strips; strip++)
            Strip(strip, most + (strip * TTile.Columns), sums + (strip * TTile.Columns));

        var loss = 0.0;
        var shares = stackalloc float[RowsAtATime];
        new Span<float>(shares, RowsAtATime).Clear();
        for (var row = 0; row < count; row++)
        {
            var weight = 0f;
            var h = _hidden.Value + ((nint)(first + row) * _width);
            for (var entry = targets.Start[first + row]; entry < targets.Start[first + row + 1]; entry++)
            {
                var movie = targets.Movie[entry];
                var score = FactorRows<TLanes>.Dot(h, _table.Value + ((nint)movie * _width), _width) + _bias.Value[movie];
                loss += targets.Weight[entry] * (most[row] + DeterministicMath.Log(sums[row]) - score);
                weight += targets.Weight[entry];
            }

            shares[row] = weight / sums[row];
        }

        if (_tape.Learns)
            Gradients(first, count, strips, shares, targets);
        return loss;
    }

    /// <summary>Fills a strip with exp(score - greatest score of the row) and sums them up.</summary>
    private void Strip(int strip, float* most, float* sums)
    {
        float* panel = _panel + ((nint)strip * _tileMovies * TTile.Columns), rows = _rows + (strip * _width * TTile.Columns);
        for (var movie = 0; movie < _tileMovies; movie += TTile.Rows)
        {
            var to = panel + ((nint)movie * TTile.Columns);
            for (var i = 0; i < TTile.Rows; i++)
                new Span<float>(to + (i * TTile.Columns), TTile.Columns).Fill(movie + i < _movies ? _bias.Value[movie + i] : 0);
            TTile.Accumulate(_byMovie + ((nint)movie * _width), rows, _width, to, TTile.Columns);
        }

        for (var lane = 0; lane < TTile.Columns; lane += Lanes.Count)
            Exponentials(panel + lane, most + lane, sums + lane);
        new Span<float>(panel + ((nint)_movies * TTile.Columns), (_tileMovies - _movies) * TTile.Columns).Clear();
    }

    private void Exponentials(float* column, float* most, float* sums)
    {
        var top = TLanes.Load(column);
        for (var movie = 1; movie < _movies; movie++)
            top = TLanes.Max(top, TLanes.Load(column + ((nint)movie * TTile.Columns)));
        var sum = TLanes.Zero;
        for (var movie = 0; movie < _movies; movie++)
        {
            var at = column + ((nint)movie * TTile.Columns);
            var e = LaneMath<TLanes>.Exp(TLanes.Subtract(TLanes.Load(at), top));
            sum = TLanes.Add(sum, e);
            TLanes.Store(e, at);
        }

        TLanes.Store(top, most);
        TLanes.Store(sum, sums);
    }

    /// <summary>The gradient of a score is its row's share times its exponential, less the target's weight where the movie is the target.</summary>
    private void Gradients(int first, int count, int strips, float* shares, Targets targets)
    {
        RowGradients(first, count, strips, shares);
        for (var row = 0; row < count; row++)
            for (var entry = targets.Start[first + row]; entry < targets.Start[first + row + 1]; entry++)
                FactorRows<TLanes>.Add(
                    _hidden.Gradient + ((nint)(first + row) * _width), _table.Value + ((nint)targets.Movie[entry] * _width), -targets.Weight[entry], _width);
        for (var strip = 0; strip < strips; strip++)
            MovieGradients(first + (strip * TTile.Columns), Math.Min(TTile.Columns, count - (strip * TTile.Columns)), strip, shares + (strip * TTile.Columns));
        for (var row = 0; row < count; row++)
        {
            var h = _hidden.Value + ((nint)(first + row) * _width);
            for (var entry = targets.Start[first + row]; entry < targets.Start[first + row + 1]; entry++)
            {
                var movie = targets.Movie[entry];
                FactorRows<TLanes>.Add(_table.Gradient + ((nint)movie * _width), h, -targets.Weight[entry], _width);
                _bias.Gradient[movie] -= targets.Weight[entry];
            }
        }
    }

    /// <summary>Adds share (table' exponentials).</summary>
    private void RowGradients(int first, int count, int strips, float* shares)
    {
        for (var strip = 0; strip < strips; strip++)
            for (var factor = 0; factor < _width; factor += TTile.Rows)
            {
                new Span<float>(_tile, TTile.Rows * TTile.Columns).Clear();
                TTile.Accumulate(_byFactor + ((nint)factor * _movies), _panel + ((nint)strip * _tileMovies * TTile.Columns), _movies, _tile, TTile.Columns);
                for (var row = strip * TTile.Columns; row < Math.Min(count, (strip + 1) * TTile.Columns); row++)
                {
                    var to = _hidden.Gradient + ((nint)(first + row) * _width);
                    for (var i = 0; i < Math.Min(TTile.Rows, _width - factor); i++)
                        to[factor + i] = MathF.FusedMultiplyAdd(shares[row], _tile[(i * TTile.Columns) + row - (strip * TTile.Columns)], to[factor + i]);
                }
            }
    }

    /// <summary>Adds exponentials (share rows) to the table's gradient, and exponentials times share to the biases'.</summary>
    private void MovieGradients(int first, int count, int strip, float* shares)
    {
        var padded = (_width + TTile.Columns - 1) / TTile.Columns * TTile.Columns;
        for (var column = 0; column < padded; column += TTile.Columns)
            for (var row = 0; row < TTile.Columns; row++)
                for (var j = 0; j < TTile.Columns; j++)
                    _scaled[(column * TTile.Columns) + (row * TTile.Columns) + j]
                        = row < count && column + j < _width ? shares[row] * _hidden.Value[((nint)(first + row) * _width) + column + j] : 0;

        var panel = _panel + ((nint)strip * _tileMovies * TTile.Columns);
        for (var movie = 0; movie < _tileMovies; movie += TTile.Rows)
            for (var column = 0; column < _width; column += TTile.Columns)
                MovieTile(panel + ((nint)movie * TTile.Columns), _scaled + (column * TTile.Columns), movie, column);
        LaneKernels.Run(_tape.Isa, new ColumnShares(panel, TTile.Columns, _movies, shares, _bias.Gradient));
    }

    private void MovieTile(float* exponentials, float* rows, int movie, int column)
    {
        var to = _table.Gradient + ((nint)movie * _width) + column;
        var (movies, columns) = (Math.Min(TTile.Rows, _movies - movie), Math.Min(TTile.Columns, _width - column));
        if (movies == TTile.Rows && columns == TTile.Columns)
        {
            TTile.AccumulatePanel(exponentials, rows, to, _width);
            return;
        }

        new Span<float>(_tile, TTile.Rows * TTile.Columns).Clear();
        for (var i = 0; i < movies; i++)
            new Span<float>(to + ((nint)i * _width), columns).CopyTo(new(_tile + (i * TTile.Columns), columns));
        TTile.AccumulatePanel(exponentials, rows, _tile, TTile.Columns);
        for (var i = 0; i < movies; i++)
            new Span<float>(_tile + (i * TTile.Columns), columns).CopyTo(new(to + ((nint)i * _width), columns));
    }
}

/// <summary>sum[i] = sum[i] + row i of a panel times shares.</summary>
internal readonly unsafe struct ColumnShares(float* panel, int columns, int count, float* shares, float* sum) : ILaneKernel
{
    private readonly float* _panel = panel, _shares = shares, _sum = sum;
    private readonly int _columns = columns, _count = count;

    public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
    {
        for (var i = 0; i < _count; i++)
            for (var lane = 0; lane < _columns; lane += Lanes.Count)
                _sum[i] += FactorRows<TLanes>.Dot(_panel + ((nint)i * _columns) + lane, _shares + lane, Lanes.Count);
    }
}
