using Recs.Training.Neural;

namespace Recs.Training.Vae;

/// <summary>Puts bags together entry by entry, for a fixed number of rows. Allocates only until it has grown to what is put in.</summary>
/// <param name="rows">Rows.</param>
internal sealed class BagBuilder(int rows)
{
    private const int FirstCapacity = 64;
    private readonly int[] _start = new int[rows + 1];
    private int[] _which = new int[FirstCapacity];
    private float[] _weights = new float[FirstCapacity];
    private int _row;
    private int _count;

    /// <summary>All rows, those that were not put together empty; must not be used any more once the builder is cleared.</summary>
    public BagRows Rows
    {
        get
        {
            _start.AsSpan(_row + 1).Fill(_count);
            return new(_start, _which, _weights);
        }
    }

    /// <summary>Adds an entry to the row that is being put together.</summary>
    public void Add(int which, float weight)
    {
        if (_count == _which.Length)
        {
            Array.Resize(ref _which, 2 * _count);
            Array.Resize(ref _weights, 2 * _count);
        }

        (_which[_count], _weights[_count]) = (which, weight);
        _count++;
    }

    /// <summary>Ends the row that is being put together.</summary>
    public void EndRow() => _start[++_row] = _count;

    /// <summary>Begins again with the first row.</summary>
    public void Clear() => (_row, _count) = (0, 0);
}
