using Recs.Training.Numerics;
using Recs.Training.Scoring;

namespace Recs.Training.RatingFactors;

/// <summary>
/// Solves a person's bias b and factors p from their ratings, the movies' factors fixed: the least Σ (t(i) - b - (z + p) q(i)')² + (n λ + κ) |p|² + n μ b² over
/// the n movies that they rated, z what their history says by itself. The same penalties as in the fit give what the fit itself would have given them, in closed form.
/// </summary>
/// <param name="movies">Factors and biases of the movies.</param>
/// <param name="history">What a history says by itself; null in a model without it.</param>
/// <param name="mean">Mean of all ratings.</param>
/// <param name="penalties">λ, μ and κ.</param>
/// <typeparam name="TLanes">The kind of lanes; no bit depends on it.</typeparam>
internal sealed unsafe class RidgeFit<TLanes>(MovieSide movies, HistorySide? history, float mean, FoldInPenalties penalties) : IPersonFit
    where TLanes : struct, ILanes<TLanes>
{
    public MovieSide Movies => movies;

    public float Offset => mean;

    public bool ReadsWatched => history is not null;

    public void Solve(in UserState user, float* profile)
    {
        var width = movies.Width;
        using var residuals = new Residuals(user, movies, mean, RoomFor(user.Movies.Length));
        fixed (float* t = residuals.Of, room = residuals.Room)
        fixed (int* rated = residuals.Movies)
        {
            float* factors = room, weights = room + width, memory = weights + user.Movies.Length;
            FromHistory(user, residuals, weights, profile);
            profile[width] = 0;
            if (residuals.Count == 0)
                return;
            new Span<float>(factors, width).Clear();
            var sum = 0f;
            for (var k = 0; k < residuals.Count; k++)
            {
                var q = movies.Row(rated[k]);
                var rest = t[k] - FactorRows<TLanes>.Dot(profile, q, width);
                sum += rest;
                FactorRows<TLanes>.Add(factors, q, rest, width);
            }

            profile[width] = new BorderedRidge<TLanes>(memory, movies.Factors, width, rated, residuals.Count, penalties).Solve(factors, sum);
            FactorRows<TLanes>.Add(profile, factors, 1, width);
        }
    }

    /// <summary>
    /// Takes the prediction of a movie m apart: stars - mean - b(m) is linear in the ratings and in the presence of the history's movies. With v the solution of the
    /// person's system for (q(m), 1), the rating of i carries t(i) a(i), a(i) = (q(i), 1) v'; what i adds to z carries its product with q(m) - Σ a(i) q(i).
    /// </summary>
    public void Explain(in UserState user, int movie, Span<float> shares)
    {
        var width = movies.Width;
        shares.Clear();
        using var residuals = new Residuals(user, movies, mean, RoomFor(user.Movies.Length));
        fixed (float* t = residuals.Of, room = residuals.Room)
        fixed (int* rated = residuals.Movies)
        {
            float* v = room, left = room + width, weights = left + width, memory = weights + user.Movies.Length;
            new Span<float>(movies.Row(movie), width).CopyTo(new(v, width));
            new Span<float>(v, width).CopyTo(new(left, width));
            if (residuals.Count > 0)
            {
                var bias = new BorderedRidge<TLanes>(memory, movies.Factors, width, rated, residuals.Count, penalties).Solve(v, 1);
                for (var k = 0; k < residuals.Count; k++)
                {
                    var q = movies.Row(rated[k]);
                    var a = FactorRows<TLanes>.Dot(v, q, width) + bias;
                    shares[residuals.Places[k]] = t[k] * a;
                    FactorRows<TLanes>.Add(left, q, -a, width);
                }
            }

            if (history is not null)
                ShareHistory(history, user, residuals, left, weights, shares);
        }
    }

    /// <summary>Numbers of room that a call needs beside one per movie of the history.</summary>
    private int RoomFor(int length) => BorderedRidge<TLanes>.MemoryFor(movies.Width) + (2 * movies.Width) + length;

    /// <summary>z.</summary>
    private void FromHistory(in UserState user, in Residuals residuals, float* weights, float* z)
    {
        var (width, length) = (movies.Width, user.Movies.Length);
        new Span<float>(z, width).Clear();
        if (history is null || length == 0)
            return;
        fixed (int* all = user.Movies, rated = residuals.Movies)
        {
            new Span<float>(weights, length).Fill(1 / MathF.Sqrt(length));
            FactorRows<TLanes>.Combine(z, history.Watched, width, width, all, weights, length);
            HistorySide.Deviations(residuals.Of[..residuals.Count], new(weights, residuals.Count));
            FactorRows<TLanes>.Combine(z, history.Rated, width, width, rated, weights, residuals.Count);
        }
    }

    /// <summary>What each movie adds to z, times <paramref name="left"/>. A rating moves the person's mean too, so it takes a part from all the others.</summary>
    private void ShareHistory(HistorySide side, in UserState user, in Residuals residuals, float* left, float* products, Span<float> shares)
    {
        var width = movies.Width;
        var present = 1 / MathF.Sqrt(user.Movies.Length);
        for (var place = 0; place < shares.Length; place++)
            shares[place] += present * FactorRows<TLanes>.Dot(left, side.Watched + ((nint)user.Movies[place] * width), width);
        var sum = 0f;
        for (var k = 0; k < residuals.Count; k++)
            sum += products[k] = FactorRows<TLanes>.Dot(left, side.Rated + ((nint)residuals.Movies[k] * width), width);
        var (mean, scale) = (sum / (residuals.Count + HistorySide.MeanShrinkage), 1 / MathF.Sqrt(residuals.Count));
        for (var k = 0; k < residuals.Count; k++)
            shares[residuals.Places[k]] += residuals.Of[k] * (products[k] - mean) * scale;
    }
}
