using System.Runtime.CompilerServices;
using Recs.Training.Numerics;

namespace Recs.Training.Svd;

/// <summary>
/// One step of stochastic gradient descent on (r - mean - b(u) - b(i) - p q')² + λ(u) |p|² + λ(i) |q|² + μ (b(u)² + b(i)²) (Koren, Bell and Volinsky, "Matrix
/// Factorization Techniques for Recommender Systems", 2009).
/// </summary>
/// <typeparam name="TLanes">The kind of lanes; no bit depends on it.</typeparam>
internal static unsafe class RatingStep<TLanes> where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Moves two rows and two biases.</summary>
    /// <param name="above">The rating less the mean of all.</param>
    /// <param name="person">The person's side.</param>
    /// <param name="movie">The movie's side.</param>
    /// <param name="width">Numbers per row.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="biases">μ.</param>
    /// <returns>The error before the step.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Take(float above, StepSide person, StepSide movie, int width, float rate, float biases)
    {
        float* p = person.Row, q = movie.Row;
        var error = above - *person.Bias - *movie.Bias - FactorRows<TLanes>.Dot(p, q, width);
        *person.Bias += rate * MathF.FusedMultiplyAdd(-biases, *person.Bias, error);
        *movie.Bias += rate * MathF.FusedMultiplyAdd(-biases, *movie.Bias, error);
        TLanes pull = TLanes.All(rate * error), keepPerson = TLanes.All(person.Keep), keepMovie = TLanes.All(movie.Keep);
        for (var j = 0; j < width; j += Lanes.Count)
        {
            TLanes a = TLanes.Load(p + j), b = TLanes.Load(q + j);
            TLanes.Store(TLanes.MultiplyAdd(pull, b, TLanes.Multiply(keepPerson, a)), p + j);
            TLanes.Store(TLanes.MultiplyAdd(pull, a, TLanes.Multiply(keepMovie, b)), q + j);
        }

        return error;
    }
}

/// <summary>What a step moves of a person or of a movie.</summary>
/// <param name="row">First factor.</param>
/// <param name="bias">Stars above the mean.</param>
/// <param name="keep">Share of the factors that the penalty leaves: 1 - rate x λ.</param>
internal readonly unsafe struct StepSide(float* row, float* bias, float keep)
{
    /// <summary>First factor.</summary>
    public float* Row { get; } = row;
    /// <summary>Stars above the mean.</summary>
    public float* Bias { get; } = bias;
    /// <summary>Share of the factors that the penalty leaves.</summary>
    public float Keep { get; } = keep;
}
