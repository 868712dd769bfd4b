using Recs.Training.Numerics;
using Recs.Training.Scoring;

namespace Recs.Training.RatingFactors;

/// <summary>What a rating model knows when it meets a person.</summary>
/// <param name="Movies">Factors and biases of the movies.</param>
/// <param name="History">What a history says by itself; null in a model without it.</param>
/// <param name="Scale">Mean and bounds of the ratings.</param>
/// <param name="Penalties">Per rating, as in the fit.</param>
internal sealed record RatingModel(MovieSide Movies, HistorySide? History, RatingScale Scale, FoldInPenalties Penalties);

/// <summary>
/// Solves a person's bias b and factors p from their ratings, the movies' factors fixed: the least Σ (t(i) - b - (z + p) q(i)')² + n λ |p|² + n μ b² over the n
/// movies that they rated, z what their history says by itself. The same penalties as in the fit give what the fit itself would have given them, in closed form.
/// </summary>
/// <typeparam name="TLanes">The kind of lanes; no bit depends on it.</typeparam>
internal static unsafe class FoldIn<TLanes> where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Numbers of room that a call needs beside one per movie of the history.</summary>
    private static int RoomFor(int width, int history) => BorderedRidge<TLanes>.MemoryFor(width) + (2 * width) + history;

    /// <summary>Numbers that <see cref="Solve"/> writes: the factors, then the bias.</summary>
    public static int ProfileLength(int width) => width + 1;

    /// <summary>Solves for a person.</summary>
    /// <param name="model">The movies' side.</param>
    /// <param name="user">The person.</param>
    /// <param name="profile">Receives z + p, then b.</param>
    public static void Solve(RatingModel model, in UserState user, float* profile)
    {
        var width = model.Movies.Width;
        using var residuals = new Residuals(user, model.Movies, model.Scale.Mean, RoomFor(width, user.Movies.Length));
        fixed (float* t = residuals.Of, room = residuals.Room)
        fixed (int* rated = residuals.Movies, history = user.Movies)
        {
            float* factors = room, weights = room + width, memory = weights + user.Movies.Length;
            FromHistory(model, history, user.Movies.Length, residuals, weights, profile);
            profile[width] = 0;
            if (residuals.Count == 0)
                return;
            new Span<float>(factors, width).Clear();
            var sum = 0f;
            for (var k = 0; k < residuals.Count; k++)
            {
                var q = model.Movies.Row(rated[k]);
                var rest = t[k] - FactorRows<TLanes>.Dot(profile, q, width);
                sum += rest;
                FactorRows<TLanes>.Add(factors, q, rest, width);
            }

            var ridge = new BorderedRidge<TLanes>(memory, model.Movies.Factors, width, rated, residuals.Count, model.Penalties);
            profile[width] = ridge.Solve(factors, sum);
            FactorRows<TLanes>.Add(profile, factors, 1, width);
        }
    }

    /// <summary>
    /// Takes the prediction of a movie m apart: stars - mean - b(m) is linear in the ratings and in the presence of the history's movies. With v the solution of the
    /// person's system for (q(m), 1), the rating of i carries t(i) a(i), a(i) = (q(i), 1) v'; what i adds to z carries its product with q(m) - Σ a(i) q(i).
    /// </summary>
    /// <param name="model">The movies' side.</param>
    /// <param name="user">The person.</param>
    /// <param name="movie">Dense id of m.</param>
    /// <param name="shares">Receives one share per movie of the history, in stars; they sum to b + (z + p) q(m)'.</param>
    public static void Explain(RatingModel model, in UserState user, int movie, Span<float> shares)
    {
        var width = model.Movies.Width;
        shares.Clear();
        using var residuals = new Residuals(user, model.Movies, model.Scale.Mean, RoomFor(width, user.Movies.Length));
        fixed (float* t = residuals.Of, room = residuals.Room)
        fixed (int* rated = residuals.Movies)
        {
            float* v = room, left = room + width, weights = left + width, memory = weights + user.Movies.Length;
            new Span<float>(model.Movies.Row(movie), width).CopyTo(new(v, width));
            new Span<float>(v, width).CopyTo(new(left, width));
            if (residuals.Count > 0)
            {
                var bias = new BorderedRidge<TLanes>(memory, model.Movies.Factors, width, rated, residuals.Count, model.Penalties).Solve(v, 1);
                for (var k = 0; k < residuals.Count; k++)
                {
                    var q = model.Movies.Row(rated[k]);
                    var a = FactorRows<TLanes>.Dot(v, q, width) + bias;
                    shares[residuals.Places[k]] = t[k] * a;
                    FactorRows<TLanes>.Add(left, q, -a, width);
                }
            }

            if (model.History is { } side)
                ShareHistory(side, width, user, residuals, left, weights, shares);
        }
    }

    /// <summary>z.</summary>
    private static void FromHistory(RatingModel model, int* history, int length, in Residuals residuals, float* weights, float* z)
    {
        var width = model.Movies.Width;
        new Span<float>(z, width).Clear();
        if (model.History is not { } side || length == 0)
            return;
        new Span<float>(weights, length).Fill(1 / MathF.Sqrt(length));
        FactorRows<TLanes>.Combine(z, side.Watched, width, history, weights, length);
        HistorySide.Deviations(residuals.Of[..residuals.Count], new(weights, residuals.Count));
        fixed (int* rated = residuals.Movies)
            FactorRows<TLanes>.Combine(z, side.Rated, width, rated, weights, residuals.Count);
    }

    /// <summary>What each movie adds to z, times <paramref name="left"/>. A rating moves the person's mean too, so it takes a part from all the others.</summary>
    private static void ShareHistory(HistorySide side, int width, in UserState user, in Residuals residuals, float* left, float* products, Span<float> shares)
    {
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
