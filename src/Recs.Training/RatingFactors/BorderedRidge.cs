using Recs.Training.Numerics;

namespace Recs.Training.RatingFactors;

/// <summary>
/// Ridge regression of one person's residuals on the factors of the movies that they rated and on a constant, their bias: with the rows Q of their n movies,
/// A = [Q'Q + (λn + κ) I, s; s', n + μn], s = Q'1, λ and μ the penalties per rating, κ that of the person. The bias is eliminated, so that the factors keep the width of a row.
/// </summary>
/// <typeparam name="TLanes">The kind of lanes; no bit depends on it.</typeparam>
internal readonly unsafe ref struct BorderedRidge<TLanes> where TLanes : struct, ILanes<TLanes>
{
    private readonly float* _u;
    private readonly float* _sum;
    private readonly float* _solvedSum;
    private readonly float* _solution;
    private readonly float _corner;
    private readonly int _width;

    /// <summary>Factors A.</summary>
    /// <param name="memory"><see cref="MemoryFor"/> numbers, in use as long as this is.</param>
    /// <param name="factors">First number of row 0 of all movies.</param>
    /// <param name="width">Numbers per row, a multiple of 16.</param>
    /// <param name="rated">Rows of the movies that the person rated, at least one.</param>
    /// <param name="count">How many.</param>
    /// <param name="penalties">λ, μ and κ.</param>
    public BorderedRidge(float* memory, float* factors, int width, int* rated, int count, FoldInPenalties penalties)
    {
        _width = width;
        _u = memory;
        _sum = memory + (width * width);
        _solvedSum = _sum + width;
        _solution = _solvedSum + width;
        RidgeMatrix<TLanes>.Fill(_u, factors, width, rated, count, (penalties.Factors * count) + penalties.Person);
        SmallSystem<TLanes>.Factor(_u, width);
        new Span<float>(_sum, width).Clear();
        for (var k = 0; k < count; k++)
            FactorRows<TLanes>.Add(_sum, factors + ((nint)rated[k] * width), 1, width);
        new Span<float>(_sum, width).CopyTo(new(_solution, width));
        SmallSystem<TLanes>.Solve(_u, _solution, _solvedSum, width);
        _corner = (penalties.Biases * count) + MathF.Max(0, count - FactorRows<TLanes>.Dot(_sum, _solvedSum, width)); // below the penalty only by rounding
    }

    /// <summary>Numbers of memory that a width needs.</summary>
    public static int MemoryFor(int width) => (width + 3) * width;

    /// <summary>Solves A (x, bias) = (right, constant).</summary>
    /// <param name="right">Replaced by x.</param>
    /// <param name="constant">Last element of the right-hand side.</param>
    /// <returns>The bias.</returns>
    public float Solve(float* right, float constant)
    {
        SmallSystem<TLanes>.Solve(_u, right, _solution, _width);
        var bias = (constant - FactorRows<TLanes>.Dot(_sum, _solution, _width)) / _corner;
        new Span<float>(_solution, _width).CopyTo(new(right, _width));
        FactorRows<TLanes>.Add(right, _solvedSum, -bias, _width);
        return bias;
    }
}
