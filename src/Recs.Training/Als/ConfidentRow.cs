using Recs.Training.Numerics;

namespace Recs.Training.Als;

/// <summary>
/// The least-squares problem of one row of factors x, the other side's factors Y fixed: (G + alpha Σ y y') x = (1 + alpha) Σ y, sums over what the row has seen,
/// G = Y'Y + ridge I (Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", 2008). A few steps of conjugate gradient from the former
/// x go towards its solution and never form the matrix (Takacs, Pilaszy and Tikk, "Applications of the Conjugate Gradient Method for Implicit Feedback
/// Collaborative Filtering", 2011).
/// </summary>
/// <typeparam name="TLanes">The kind of lanes.</typeparam>
internal readonly unsafe ref struct ConfidentRow<TLanes> where TLanes : struct, ILanes<TLanes>
{
    private const int AtATime = 64; // rows that stay in the first-level cache from their dot products to their sum

    private readonly float* _y;
    private readonly float* _gram;
    private readonly int _width;
    private readonly float _alpha;
    private readonly float* _residual;
    private readonly float* _direction;
    private readonly float* _image;
    private readonly float* _dots;
    private readonly int* _places;

    /// <summary>Sets a thread's scratch up for any number of rows.</summary>
    /// <param name="y">Fixed factors.</param>
    /// <param name="gram">G, width x width.</param>
    /// <param name="width">Numbers per row.</param>
    /// <param name="alpha">What being seen adds to the confidence.</param>
    /// <param name="scratch"><see cref="ScratchFor"/> numbers.</param>
    public ConfidentRow(float* y, float* gram, int width, float alpha, float* scratch)
    {
        _y = y;
        _gram = gram;
        (_width, _alpha) = (width, alpha);
        _residual = scratch;
        _direction = scratch + width;
        _image = scratch + (2 * width);
        _dots = scratch + (3 * width);
        _places = (int*)(_dots + AtATime);
        for (var i = 0; i < width; i++)
            _places[i] = i;
    }

    /// <summary>Numbers of scratch that a thread needs.</summary>
    public static int ScratchFor(int width) => (4 * width) + AtATime;

    /// <summary>Takes some steps.</summary>
    /// <param name="x">The row: where to start, and receives the result.</param>
    /// <param name="seen">Rows of Y that it has seen, at least one.</param>
    /// <param name="count">How many.</param>
    /// <param name="steps">Steps of conjugate gradient.</param>
    /// <returns>The row's loss, x's penalty included: (1 + alpha) Σ (1 - x y)² over what it has seen, + Σ (x y)² over the rest.</returns>
    public double Improve(float* x, int* seen, int count, int steps)
    {
        var loss = Start(x, seen, count);
        var left = FactorRows<TLanes>.Dot(_residual, _residual, _width);
        new Span<float>(_residual, _width).CopyTo(new(_direction, _width));
        for (var step = 0; step < steps && left > 0; step++)
        {
            Apply(seen, count);
            var curvature = FactorRows<TLanes>.Dot(_direction, _image, _width);
            if (!(curvature > 0)) // the direction has run out of digits
                break;
            var length = left / curvature;
            FactorRows<TLanes>.Add(x, _direction, length, _width);
            FactorRows<TLanes>.Add(_residual, _image, -length, _width);
            loss -= (double)length * left;
            var former = left;
            left = FactorRows<TLanes>.Dot(_residual, _residual, _width);
            FactorRows<TLanes>.ScaleAndAdd(_direction, _residual, left / former, _width);
        }

        return loss;
    }

    /// <summary>residual = (1 + alpha) Σ y - (G + alpha Σ y y') x, and the loss of x. The loss of a quadratic needs no pass of its own: Σ c - x b - x residual.</summary>
    private double Start(float* x, int* seen, int count)
    {
        new Span<float>(_image, _width).Clear();
        FactorRows<TLanes>.Combine(_image, _gram, _width, _width, _places, x, _width);
        for (var j = 0; j < _width; j++)
            _residual[j] = -_image[j];
        var explained = 0.0;
        for (var from = 0; from < count; from += AtATime)
        {
            var some = Math.Min(AtATime, count - from);
            FactorRows<TLanes>.Dots(x, _y, _width, seen + from, some, _dots);
            for (var k = 0; k < some; k++)
            {
                explained += _dots[k];
                _dots[k] = MathF.FusedMultiplyAdd(-_alpha, _dots[k], 1 + _alpha);
            }

            FactorRows<TLanes>.Combine(_residual, _y, _width, _width, seen + from, _dots, some);
        }

        return ((1 + (double)_alpha) * (count - explained)) - FactorRows<TLanes>.Dot(x, _residual, _width);
    }

    /// <summary>image = (G + alpha Σ y y') direction.</summary>
    private void Apply(int* seen, int count)
    {
        new Span<float>(_image, _width).Clear();
        FactorRows<TLanes>.Combine(_image, _gram, _width, _width, _places, _direction, _width);
        for (var from = 0; from < count; from += AtATime)
        {
            var some = Math.Min(AtATime, count - from);
            FactorRows<TLanes>.Dots(_direction, _y, _width, seen + from, some, _dots);
            for (var k = 0; k < some; k++)
                _dots[k] *= _alpha;
            FactorRows<TLanes>.Combine(_image, _y, _width, _width, seen + from, _dots, some);
        }
    }
}
