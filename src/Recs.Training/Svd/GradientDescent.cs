using System.Runtime.CompilerServices;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.RatingFactors;

namespace Recs.Training.Svd;

/// <summary>What a step of gradient descent needs to know besides the factors.</summary>
/// <param name="Mean">Mean of all ratings.</param>
/// <param name="Rate">Learning rate.</param>
/// <param name="Factors">Penalty on squared factors, per rating.</param>
/// <param name="Biases">Penalty on squared biases, per rating.</param>
internal readonly record struct DescentStep(float Mean, float Rate, float Factors, float Biases);

/// <summary>
/// Stochastic gradient descent on (r - mean - b(u) - b(i) - p(u) q(i)')² + penalties, one rating after the other (Koren, Bell and Volinsky, "Matrix Factorization
/// Techniques for Recommender Systems", 2009).
/// </summary>
internal static unsafe class GradientDescent
{
    /// <summary>Walks over all ratings once, diagonal by diagonal of the grid.</summary>
    /// <returns>The sum of the squared errors, each before its own step.</returns>
    public static double Walk(FitRun run, RatingGrid grid, BiasedFactors factors, DescentStep step)
    {
        var errors = new double[RatingGrid.Side * RatingGrid.Side];
        Workers.RunPhases(run.Compute.Threads, RatingGrid.Side, RatingGrid.Side, (diagonal, users) =>
        {
            run.Cancel.ThrowIfCancellationRequested();
            var (first, end) = grid.Block(users, (users + diagonal) % RatingGrid.Side);
            var block = grid.Ratings.AsSpan(first, end - first);
            errors[(diagonal * RatingGrid.Side) + users] = run.Compute.Isa switch
            {
                Isa.Avx512 => Block<Avx512Lanes>(block, factors, step),
                Isa.Avx2 => Block<Avx2Lanes>(block, factors, step),
                _ => Block<PlainLanes>(block, factors, step),
            };
        });
        return errors.Sum();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Block<TLanes>(ReadOnlySpan<Rating> ratings, BiasedFactors factors, DescentStep step) where TLanes : struct, ILanes<TLanes>
    {
        var sum = 0.0;
        var (width, rate) = (factors.Width, step.Rate);
        var keep = TLanes.All(MathF.FusedMultiplyAdd(-rate, step.Factors, 1));
        fixed (float* users = factors.UserFactors, movies = factors.MovieFactors, userBias = factors.UserBias, movieBias = factors.MovieBias)
        {
            foreach (var rating in ratings)
            {
                var p = users + ((nint)rating.User * width);
                var q = movies + ((nint)rating.Movie * width);
                var error = rating.Stars - step.Mean - userBias[rating.User] - movieBias[rating.Movie] - FactorRows<TLanes>.Dot(p, q, width);
                sum += (double)error * error;
                userBias[rating.User] += rate * MathF.FusedMultiplyAdd(-step.Biases, userBias[rating.User], error);
                movieBias[rating.Movie] += rate * MathF.FusedMultiplyAdd(-step.Biases, movieBias[rating.Movie], error);
                var pull = TLanes.All(rate * error);
                for (var j = 0; j < width; j += Lanes.Count)
                {
                    TLanes a = TLanes.Load(p + j), b = TLanes.Load(q + j);
                    TLanes.Store(TLanes.MultiplyAdd(pull, b, TLanes.Multiply(keep, a)), p + j);
                    TLanes.Store(TLanes.MultiplyAdd(pull, a, TLanes.Multiply(keep, b)), q + j);
                }
            }
        }

        return sum;
    }
}
