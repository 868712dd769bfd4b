using Recs.Training.Numerics;
using Recs.Training.RatingFactors;
using Recs.Training.Scoring;

namespace Recs.Training.Nmf;

/// <summary>
/// Finds a person's factors, none negative, from their ratings, the movies' factors fixed: the problem of the fit (<see cref="NonNegativeRow{TLanes}"/>), solved until
/// it moves no more. It has one solution, so what a person is given does not depend on where they were when the model was fitted.
/// </summary>
/// <param name="movies">Factors of the movies; the bias is the mean of all ratings for a movie that nobody rated, else 0.</param>
/// <param name="regularization">Penalty on squared factors, per rating, as in the fit.</param>
/// <param name="typical">Mean of everybody's factors: those of a person without a rating.</param>
/// <typeparam name="TLanes">The kind of lanes; no bit depends on it.</typeparam>
internal sealed unsafe class NonNegativeFit<TLanes>(MovieSide movies, float regularization, float[] typical) : IPersonFit where TLanes : struct, ILanes<TLanes>
{
    private const int Sweeps = 200;

    public MovieSide Movies => movies;

    public float Offset => 0;

    public bool ReadsWatched => false;

    public void Solve(in UserState user, float* profile)
    {
        using var ratings = new Residuals(user, movies, mean: 0, NonNegativeRow<TLanes>.MemoryFor(movies.Width));
        typical.CopyTo(new Span<float>(profile, movies.Width));
        profile[movies.Width] = 0;
        if (ratings.Count > 0)
            Solve(ratings, profile);
    }

    /// <summary>
    /// Among the factors that are not zero the solution is that of ridge regression, so linear in the ratings: with v the solution for q(m) among these factors, the
    /// rating r of i carries r v q(i)'.
    /// </summary>
    /// <param name="user">The person.</param>
    /// <param name="movie">Dense id of m.</param>
    /// <param name="shares">Receives one share per movie of the history, in stars.</param>
    public void Explain(in UserState user, int movie, Span<float> shares)
    {
        var width = movies.Width;
        shares.Clear();
        using var ratings = new Residuals(user, movies, mean: 0, NonNegativeRow<TLanes>.MemoryFor(width) + (3 * width));
        if (ratings.Count == 0)
            return;
        fixed (float* room = ratings.Room)
        {
            float* a = room, x = room + NonNegativeRow<TLanes>.MemoryFor(width), among = x + width, v = among + width;
            typical.CopyTo(new Span<float>(x, width));
            Solve(ratings, x);
            var q = movies.Row(movie);
            for (var i = 0; i < width; i++)
            {
                among[i] = x[i] > 0 ? q[i] : 0;
                for (var j = 0; j < width; j++)
                    if (i != j && !(x[i] > 0 && x[j] > 0))
                        a[(i * width) + j] = 0; // a factor that is zero stays zero, whatever the ratings
            }

            SmallSystem<TLanes>.Factor(a, width);
            SmallSystem<TLanes>.Solve(a, among, v, width);
            for (var k = 0; k < ratings.Count; k++)
                shares[ratings.Places[k]] = ratings.Of[k] * FactorRows<TLanes>.Dot(v, movies.Row(ratings.Movies[k]), width);
        }
    }

    private void Solve(in Residuals ratings, float* x)
    {
        fixed (float* stars = ratings.Of, room = ratings.Room)
        fixed (int* rated = ratings.Movies)
            NonNegativeRow<TLanes>.Improve(x, movies.Factors, movies.Width, rated, stars, ratings.Count, regularization, Sweeps, room);
    }
}
