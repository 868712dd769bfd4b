using Recs.Training.Numerics;

namespace Recs.Training.Factors;

/// <summary>
/// The ridge regression of one person's factors on the factors of the movies in their history, solved to the last digit at every request (<see cref="FoldInRule"/>).
/// With weight w a movie counts as seen with share w and as unseen with share 1 - w; all weights 1 give the regression of the fit.
/// </summary>
/// <typeparam name="TLanes">The kind of lanes.</typeparam>
internal readonly unsafe ref struct FoldIn<TLanes> where TLanes : struct, ILanes<TLanes>
{
    private const int AtATime = 64; // movies that stay in the first-level cache while all rows of the matrix take them in

    private readonly float* _factors;
    private readonly int _width;
    private readonly float* _matrix;
    private readonly float* _right;
    private readonly float* _solution;

    /// <summary>Forms and factors the matrix of a history.</summary>
    /// <param name="factors">Movie factors.</param>
    /// <param name="gram">What holds for all movies.</param>
    /// <param name="width">Numbers per row.</param>
    /// <param name="history">Movies.</param>
    /// <param name="confidence">One number per movie: its weight times <see cref="FoldInRule.Confidence"/>.</param>
    /// <param name="scratch"><see cref="ScratchFor"/> numbers.</param>
    public FoldIn(float* factors, float* gram, int width, ReadOnlySpan<int> history, float* confidence, float* scratch)
    {
        _factors = factors;
        _width = width;
        _matrix = scratch;
        _right = scratch + (width * width);
        _solution = _right + width;
        new Span<float>(gram, width * width).CopyTo(new(_matrix, width * width));
        fixed (int* movies = history)
            for (var from = 0; from < history.Length; from += AtATime)
                AddMovies(movies + from, confidence + from, Math.Min(AtATime, history.Length - from));
        SmallSystem<TLanes>.Factor(_matrix, width);
    }

    /// <summary>Numbers of scratch for a width.</summary>
    public static int ScratchFor(int width) => width * (width + 2);

    /// <summary>The person's factors: the solution for Σ pull y.</summary>
    /// <param name="history">Movies.</param>
    /// <param name="pull">One number per movie: its weight times <see cref="FoldInRule.Pull"/>.</param>
    /// <returns>Width numbers of the scratch.</returns>
    public float* Person(ReadOnlySpan<int> history, float* pull)
    {
        new Span<float>(_right, _width).Clear();
        fixed (int* movies = history)
            FactorRows<TLanes>.Combine(_right, _factors, _width, _width, movies, pull, history.Length);
        SmallSystem<TLanes>.Solve(_matrix, _right, _solution, _width);
        return _solution;
    }

    /// <summary>The solution z for a movie's own factors: pull y'z is what a movie with factors y and that pull brought to its score.</summary>
    public float* Towards(int movie)
    {
        new Span<float>(_factors + ((nint)movie * _width), _width).CopyTo(new(_right, _width));
        SmallSystem<TLanes>.Solve(_matrix, _right, _solution, _width);
        return _solution;
    }

    /// <summary>matrix = matrix + Σ confidence y y', on and above the diagonal's blocks.</summary>
    private void AddMovies(int* movies, float* confidence, int count)
    {
        var weights = stackalloc float[AtATime];
        for (var j = 0; j < _width; j++)
        {
            for (var k = 0; k < count; k++)
                weights[k] = confidence[k] * _factors[((nint)movies[k] * _width) + j];
            var from = j & ~(Lanes.Count - 1);
            FactorRows<TLanes>.Combine(_matrix + (j * _width) + from, _factors + from, _width, _width - from, movies, weights, count);
        }
    }
}
