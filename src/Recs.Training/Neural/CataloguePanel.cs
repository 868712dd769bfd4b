using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>One calculation of <see cref="CatalogueLoss"/>.</summary>
/// <remarks>
/// The panel holds, movie by movie, a number for each of <c>TTile.Columns</c> rows: first the scores, then their exponentials, then the gradients of the scores. Laid out like this it is at
/// once the result of (table times rows), the right factor of (table' times panel), which is the gradient of the rows, and the left factor of (panel times rows), which is that of the table;
/// only the few rows are ever packed. A lane is a row, so a row's sum over the movies goes from the first to the last whatever the lanes are, and the gradient of the table
/// goes from the first row to the last whatever the tile is.
/// </remarks>
internal readonly unsafe ref struct CataloguePanel<TTile, TLanes>
    where TTile : struct, IPanelTile
    where TLanes : struct, ILanes<TLanes>
{
    private const float Never = -1e30f; // less than any score
    private const int MoviesAtATime = 96; // their rows of table and panel stay in the first-level cache for both gradients
    private readonly bool _learns;
    private readonly Node _hidden, _table, _bias;
    private readonly int _movies, _width;
    private readonly float* _panel;
    private readonly ushort* _asked; // for each movie and sixteen rows of the panel, a bit per row that is asked about it
    private readonly float* _byFactor; // the rows of a panel: for each factor, one number per row
    private readonly float* _byRow; // the same: for each strip of factors and each row, its factors
    private readonly float* _slopes; // gradients of the rows: for each factor, one number per row
    private readonly float* _edge; // a left factor that has too few rows for a tile
    private readonly float* _tile; // a tile that reaches over the edge of its matrix

    public CataloguePanel(Tape tape, Node hidden, Node table, Node bias, int movies)
    {
        (_learns, _hidden, _table, _bias, _movies, _width) = (tape.Learns, hidden, table, bias, movies, table.Columns);
        _panel = tape.Arena.Take<float>((long)movies * TTile.Columns);
        _asked = tape.Arena.Take<ushort>((long)movies * TTile.Columns / Lanes.Count);
        _byFactor = tape.Arena.Take<float>((long)_width * TTile.Columns);
        _byRow = tape.Arena.Take<float>((long)(_width + TTile.Columns) * TTile.Columns);
        _slopes = tape.Arena.Take<float>((long)_width * TTile.Columns);
        _edge = tape.Arena.Take<float>((long)TTile.Rows * Math.Max(_width, MoviesAtATime));
        _tile = tape.Arena.Take<float>(TTile.Rows * TTile.Columns);
    }

    /// <summary>The loss of all rows.</summary>
    public double Run(Targets targets)
    {
        var loss = 0.0;
        for (var row = 0; row < _hidden.Rows; row += TTile.Columns)
            Rows(row, Math.Min(TTile.Columns, _hidden.Rows - row), targets, ref loss); // row by row, so that the panels leave no trace in the sum
        return loss;
    }

    private void Rows(int first, int count, Targets targets, ref double loss)
    {
        float* most = stackalloc float[TTile.Columns], sums = stackalloc float[TTile.Columns], shares = stackalloc float[TTile.Columns];
        var told = stackalloc double[TTile.Columns]; // weighted scores of the targets
        if (targets.LeftOut is { } leftOut)
            LeaveOut(first, count, leftOut);
        Scores(first, count, most, targets.LeftOut is not null);
        new Span<float>(shares, TTile.Columns).Clear();
        new Span<double>(told, TTile.Columns).Clear();
        for (var row = 0; row < count; row++)
            for (var entry = targets.Start[first + row]; entry < targets.Start[first + row + 1]; entry++)
            {
                told[row] += (double)targets.Weight[entry] * At(targets.Movie[entry])[row];
                shares[row] += targets.Weight[entry];
            }

        Exponentials(most, sums, targets.LeftOut is not null);
        for (var row = 0; row < count; row++)
        {
            loss += (shares[row] * (most[row] + DeterministicMath.Log(sums[row]))) - told[row];
            shares[row] /= sums[row];
        }

        if (_learns)
            Gradients(first, count, shares, targets);
    }

    /// <summary>Fills the panel with scores and finds each row's greatest one.</summary>
    private void Scores(int first, int count, float* most, bool leavesOut)
    {
        Packing.Pack(RowsOf(_hidden.Value, first, count), TTile.Columns, negate: false, _byFactor);
        new Span<float>(most, TTile.Columns).Fill(float.NegativeInfinity);
        for (var movie = 0; movie < _movies; movie += TTile.Rows)
        {
            var rows = Math.Min(TTile.Rows, _movies - movie);
            for (var i = movie; i < movie + rows; i++)
                for (var lane = 0; lane < TTile.Columns; lane += Lanes.Count)
                    TLanes.Store(TLanes.All(_bias.Value[i]), At(i) + lane);
            var from = _table.Value + ((nint)movie * _width);
            CacheLines.Fetch(from + (TTile.Rows * _width), TTile.Rows * _width);
            if (rows == TTile.Rows)
                TTile.Accumulate(from, _width, 1, _byFactor, _width, At(movie), TTile.Columns);
            else
                EdgeTile(new(from, rows, _width, _width, 1), _byFactor, new(At(movie), rows, TTile.Columns, TTile.Columns, 1));
            for (var lane = 0; lane < TTile.Columns; lane += Lanes.Count)
            {
                var top = TLanes.Load(most + lane);
                for (var i = movie; i < movie + rows; i++)
                    top = TLanes.Max(top, leavesOut ? Asked(TLanes.Load(At(i) + lane), i, lane) : TLanes.Load(At(i) + lane));
                TLanes.Store(top, most + lane);
            }
        }
    }

    /// <summary>Notes which rows are asked about each movie.</summary>
    private void LeaveOut(int first, int count, LeftOutMovies leftOut)
    {
        new Span<ushort>(_asked, _movies * TTile.Columns / Lanes.Count).Fill(ushort.MaxValue);
        for (var row = 0; row < count; row++)
            for (var i = leftOut.From[first + row]; i < leftOut.To[first + row]; i++)
                *AskedAbout(leftOut.Movies[i], row) &= (ushort)~(1 << (row % Lanes.Count));
    }

    /// <summary>Scores without those that their row is not asked about.</summary>
    private TLanes Asked(TLanes scores, int movie, int lane)
    {
        var asked = *AskedAbout(movie, lane);
        return TLanes.Add(TLanes.Keep(scores, asked), TLanes.Keep(TLanes.All(Never), (ushort)~asked));
    }

    /// <summary>Turns each score into exp(score - greatest score of the row) and sums them up by row.</summary>
    private void Exponentials(float* most, float* sums, bool leavesOut)
    {
        for (var lane = 0; lane < TTile.Columns; lane += Lanes.Count)
        {
            var (top, sum) = (TLanes.Load(most + lane), TLanes.Zero);
            for (var movie = 0; movie < _movies; movie++)
            {
                var e = LaneMath<TLanes>.Exp(TLanes.Subtract(TLanes.Load(At(movie) + lane), top));
                e = leavesOut ? TLanes.Keep(e, *AskedAbout(movie, lane)) : e;
                sum = TLanes.Add(sum, e);
                TLanes.Store(e, At(movie) + lane);
            }

            TLanes.Store(sum, sums + lane);
        }
    }

    /// <summary>The gradient of a score is its row's share times its exponential, less the target's weight where the movie is a target.</summary>
    private void Gradients(int first, int count, float* shares, Targets targets)
    {
        for (var movie = 0; movie < _movies; movie++)
            for (var lane = 0; lane < TTile.Columns; lane += Lanes.Count)
                TLanes.Store(TLanes.Multiply(TLanes.Load(At(movie) + lane), TLanes.Load(shares + lane)), At(movie) + lane);
        for (var row = 0; row < count; row++)
            for (var entry = targets.Start[first + row]; entry < targets.Start[first + row + 1]; entry++)
                At(targets.Movie[entry])[row] -= targets.Weight[entry];

        new Span<float>(_slopes, _width * TTile.Columns).Clear();
        Packing.Pack(RowsOf(_hidden.Value, first, count).Transposed, TTile.Columns, negate: false, _byRow);
        for (var movie = 0; movie < _movies; movie += MoviesAtATime)
        {
            RowGradients(movie, Math.Min(MoviesAtATime, _movies - movie));
            MovieGradients(movie, Math.Min(MoviesAtATime, _movies - movie), count);
        }

        for (var row = 0; row < count; row++)
        {
            var to = _hidden.Gradient + ((nint)(first + row) * _width);
            for (var factor = 0; factor < _width; factor++)
                to[factor] += _slopes[(factor * TTile.Columns) + row];
        }
    }

    /// <summary>Adds table' times panel.</summary>
    private void RowGradients(int movie, int movies)
    {
        for (var factor = 0; factor < _width; factor += TTile.Rows)
        {
            float* from = _table.Value + ((nint)movie * _width) + factor, to = _slopes + (factor * TTile.Columns);
            CacheLines.Fetch(_table.Value + ((nint)(movie + movies) * _width) + ((nint)factor * movies), TTile.Rows * movies); // a part of the next movies for each tile of these
            if (factor + TTile.Rows <= _width)
                TTile.Accumulate(from, 1, _width, At(movie), movies, to, TTile.Columns);
            else
                EdgeTile(new(from, _width - factor, movies, 1, _width), At(movie), new(to, _width - factor, TTile.Columns, TTile.Columns, 1));
        }
    }

    /// <summary>Adds panel times rows to the table's gradient, and the rows of the panel to the biases'.</summary>
    private void MovieGradients(int first, int movies, int count)
    {
        for (var movie = first; movie < first + movies; movie++)
            for (var lane = 0; lane < count; lane += Lanes.Count)
                _bias.Gradient[movie] += TLanes.Sum(TLanes.Load(At(movie) + lane));
        for (var movie = first; movie < first + movies; movie += TTile.Rows)
        {
            CacheLines.Fetch(_table.Gradient + ((nint)(movie + TTile.Rows) * _width), TTile.Rows * _width);
            for (var factor = 0; factor < _width; factor += TTile.Columns)
            {
                var (rows, columns) = (Math.Min(TTile.Rows, first + movies - movie), Math.Min(TTile.Columns, _width - factor));
                float* by = _byRow + ((nint)factor * count), to = _table.Gradient + ((nint)movie * _width) + factor;
                if (rows == TTile.Rows && columns == TTile.Columns)
                    TTile.Accumulate(At(movie), TTile.Columns, 1, by, count, to, _width);
                else
                    EdgeTile(new(At(movie), rows, count, TTile.Columns, 1), by, new(to, rows, columns, _width, 1));
            }
        }
    }

    /// <summary>C = C + A B for a C that is smaller than a tile: computed beside it; what lies over the edge is dropped.</summary>
    private void EdgeTile(MatrixView a, float* b, MatrixView c)
    {
        Packing.Pack(a, TTile.Rows, negate: false, _edge);
        new Span<float>(_tile, TTile.Rows * TTile.Columns).Clear();
        for (var i = 0; i < c.Rows; i++)
            new Span<float>(c.At(i, 0), c.Columns).CopyTo(new(_tile + (i * TTile.Columns), c.Columns));
        TTile.Accumulate(_edge, b, a.Columns, _tile, TTile.Columns);
        for (var i = 0; i < c.Rows; i++)
            new Span<float>(_tile + (i * TTile.Columns), c.Columns).CopyTo(new(c.At(i, 0), c.Columns));
    }

    private MatrixView RowsOf(float* numbers, int first, int count) => new(numbers + ((nint)first * _width), count, _width, _width, 1);

    private ushort* AskedAbout(int movie, int row) => _asked + (((movie * TTile.Columns) + row) / Lanes.Count);

    private float* At(int movie) => _panel + ((nint)movie * TTile.Columns);
}
