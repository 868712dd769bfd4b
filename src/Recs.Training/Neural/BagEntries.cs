namespace Recs.Training.Neural;

/// <summary>Fills bags row by row, in memory that is used again: once it has grown to the size of the largest batch, nothing is allocated.</summary>
internal sealed class BagEntries
{
    private int[] _start = [0];
    private int[] _which = new int[64];
    private float[] _weights = new float[64];
    private int _row;
    private int _count;

    /// <summary>The bags, those of rows that were not filled empty; valid until the next <see cref="Begin"/>.</summary>
    public BagRows Rows
    {
        get
        {
            _start.AsSpan(_row + 1).Fill(_count);
            return new(_start, _which, _weights);
        }
    }

    /// <summary>Weight of an entry; may be changed as long as no step uses it.</summary>
    public Span<float> Weights => _weights.AsSpan(0, _count);

    /// <summary>Forgets everything.</summary>
    /// <param name="rows">Rows to come.</param>
    public void Begin(int rows)
    {
        if (_start.Length != rows + 1)
            _start = new int[rows + 1];
        (_row, _count) = (0, 0);
    }

    /// <summary>Adds an entry to the row.</summary>
    public void Add(int which, float weight)
    {
        if (_count == _which.Length)
        {
            Array.Resize(ref _which, 2 * _count);
            Array.Resize(ref _weights, 2 * _count);
        }

        (_which[_count], _weights[_count++]) = (which, weight);
    }

    /// <summary>Ends the row.</summary>
    public void EndRow() => _start[++_row] = _count;
}
