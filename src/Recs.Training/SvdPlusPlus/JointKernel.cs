using System.Buffers;
using System.Runtime.CompilerServices;
using Recs.Training.Numerics;
using Recs.Training.RatingFactors;

namespace Recs.Training.SvdPlusPlus;

/// <summary>The two phases of a batch.</summary>
/// <typeparam name="TLanes">The kind of lanes; no bit depends on it.</typeparam>
internal static unsafe class JointKernel<TLanes> where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Learns p and b(u) of a member from their ratings, one after the other, and leaves errors, profile and pull for <see cref="Movies"/>.</summary>
    /// <param name="problem">Data and factors.</param>
    /// <param name="user">The member, with at least one rating.</param>
    /// <param name="member">Their place in the batch.</param>
    /// <param name="step">Rate, and penalty of the history.</param>
    /// <returns>The sum of the squared errors, each before its own step.</returns>
    public static double Person(JointProblem problem, int user, int member, JointStep step)
    {
        var (factors, ratings, width) = (problem.Factors, problem.Ratings, problem.Factors.Width);
        var (first, count) = (ratings.First[user], ratings.First[user + 1] - ratings.First[user]);
        var errors = problem.Errors.AsSpan(first, count);
        var deviations = problem.Deviations.AsSpan(first, count);
        for (var k = 0; k < count; k++)
            errors[k] = ratings.Stars[first + k] - ratings.Scale.Mean - factors.MovieBias[ratings.Movie[first + k]];
        HistorySide.Deviations(errors, deviations);
        fixed (float* userFactors = factors.UserFactors, movieFactors = factors.MovieFactors, profiles = problem.Profiles, pulls = problem.Pulls)
        {
            float* p = userFactors + ((nint)user * width), w = profiles + (member * width), g = pulls + (member * width);
            AddHistory(problem, user, deviations, w);
            FactorRows<TLanes>.Add(w, p, 1, width);
            new Span<float>(g, width).Clear();
            fixed (float* error = errors)
            fixed (int* movie = &ratings.Movie[first])
                return Descend(error, movie, count, movieFactors, ((nint)p, (nint)w, (nint)g), width, ref factors.UserBias[user], (step.Rate, problem.Penalties.People[user], problem.Penalties.Biases));
        }
    }

    /// <summary>Learns q, b(i), x and y of some movies of a batch from the members who have them.</summary>
    /// <param name="problem">Data and factors.</param>
    /// <param name="members">The batch.</param>
    /// <param name="occurrences">Ordered by movie and member.</param>
    /// <param name="step">Rate, and penalty of the history.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Movies(JointProblem problem, ReadOnlySpan<int> members, ReadOnlySpan<Occurrence> occurrences, JointStep step)
    {
        var (factors, width) = (problem.Factors, problem.Factors.Width);
        fixed (float* movieFactors = factors.MovieFactors, watched = factors.Watched, rated = factors.Rated, profiles = problem.Profiles, pulls = problem.Pulls)
        {
            foreach (var (movie, member, rating) in occurrences)
            {
                float* w = profiles + (member * width), g = pulls + (member * width);
                var length = problem.Histories.Of(members[member]).Length;
                var keep = MathF.Max(0, MathF.FusedMultiplyAdd(-step.Rate * step.History, length, 1));
                var row = (nint)movie * width;
                Step(watched + row, keep, g, step.Rate / MathF.Sqrt(length), width);
                if (rating < 0)
                    continue;
                var error = problem.Errors[rating];
                Step(rated + row, keep, g, step.Rate * problem.Deviations[rating], width);
                Step(movieFactors + row, MathF.FusedMultiplyAdd(-step.Rate, problem.Penalties.Movies[movie], 1), w, step.Rate * error, width);
                ref var bias = ref factors.MovieBias[movie];
                bias += step.Rate * MathF.FusedMultiplyAdd(-problem.Penalties.Biases, bias, error);
            }
        }
    }

    /// <summary>w = z.</summary>
    private static void AddHistory(JointProblem problem, int user, ReadOnlySpan<float> deviations, float* w)
    {
        var (factors, width) = (problem.Factors, problem.Factors.Width);
        var history = problem.Histories.Of(user);
        new Span<float>(w, width).Clear();
        var rented = ArrayPool<float>.Shared.Rent(history.Length);
        rented.AsSpan(0, history.Length).Fill(1 / MathF.Sqrt(history.Length));
        fixed (float* watched = factors.Watched, rated = factors.Rated, weights = rented, deviation = deviations)
        fixed (int* movies = history, ratedMovies = &problem.Ratings.Movie[problem.Ratings.First[user]])
        {
            FactorRows<TLanes>.Combine(w, watched, width, width, movies, weights, history.Length);
            FactorRows<TLanes>.Combine(w, rated, width, width, ratedMovies, deviation, deviations.Length);
        }

        ArrayPool<float>.Shared.Return(rented);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Descend(
        float* errors, int* movies, int count, float* movieFactors, (nint P, nint W, nint G) rows, int width, ref float bias, (float Rate, float Factors, float Bias) step)
    {
        float* p = (float*)rows.P, w = (float*)rows.W, g = (float*)rows.G;
        var sum = 0.0;
        var shrink = TLanes.All(-step.Rate * step.Factors);
        for (var k = 0; k < count; k++)
        {
            var q = movieFactors + ((nint)movies[k] * width);
            var error = errors[k] - bias - FactorRows<TLanes>.Dot(w, q, width);
            errors[k] = error;
            sum += (double)error * error;
            bias += step.Rate * MathF.FusedMultiplyAdd(-step.Bias, bias, error);
            TLanes pull = TLanes.All(step.Rate * error), errorLanes = TLanes.All(error);
            for (var j = 0; j < width; j += Lanes.Count)
            {
                TLanes former = TLanes.Load(p + j), factor = TLanes.Load(q + j);
                TLanes.Store(TLanes.MultiplyAdd(errorLanes, factor, TLanes.Load(g + j)), g + j);
                TLanes.Store(TLanes.MultiplyAdd(shrink, former, TLanes.MultiplyAdd(pull, factor, former)), p + j);
                TLanes.Store(TLanes.MultiplyAdd(shrink, former, TLanes.MultiplyAdd(pull, factor, TLanes.Load(w + j))), w + j);
            }
        }

        return sum;
    }

    /// <summary>y = keep y + weight x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step(float* y, float keep, float* x, float weight, int width)
    {
        TLanes kept = TLanes.All(keep), weights = TLanes.All(weight);
        for (var j = 0; j < width; j += Lanes.Count)
            TLanes.Store(TLanes.MultiplyAdd(weights, TLanes.Load(x + j), TLanes.Multiply(kept, TLanes.Load(y + j))), y + j);
    }
}
