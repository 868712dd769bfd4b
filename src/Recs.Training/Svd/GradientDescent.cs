using System.Runtime.CompilerServices;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.RatingFactors;

namespace Recs.Training.Svd;

/// <summary>Walks over all ratings of a grid, one step per rating (<see cref="RatingStep{TLanes}"/>).</summary>
/// <param name="run">Threads, instruction set, cancellation.</param>
/// <param name="grid">The ratings.</param>
/// <param name="mean">Mean of all ratings.</param>
/// <param name="factors">What is learned.</param>
/// <param name="penalties">What holds it back.</param>
internal sealed unsafe class GradientDescent(FitRun run, RatingGrid grid, float mean, BiasedFactors factors, StepPenalties penalties)
{
    private readonly float[] _keepPerson = new float[penalties.People.Length];
    private readonly float[] _keepMovie = new float[penalties.Movies.Length];

    /// <summary>Walks once, diagonal by diagonal of the grid.</summary>
    /// <param name="rate">Learning rate.</param>
    /// <returns>The sum of the squared errors, each before its own step.</returns>
    public double Walk(float rate)
    {
        Keep(penalties.People, rate, _keepPerson);
        Keep(penalties.Movies, rate, _keepMovie);
        var errors = new double[RatingGrid.Side * RatingGrid.Side];
        Workers.RunPhases(run.Compute.Threads, RatingGrid.Side, RatingGrid.Side, (diagonal, users) =>
        {
            run.Cancel.ThrowIfCancellationRequested();
            var (first, end) = grid.Block(users, (users + diagonal) % RatingGrid.Side);
            var block = grid.Ratings.AsSpan(first, end - first);
            errors[(diagonal * RatingGrid.Side) + users] = run.Compute.Isa switch
            {
                Isa.Avx512 => Block<Avx512Lanes>(block, rate),
                Isa.Avx2 => Block<Avx2Lanes>(block, rate),
                _ => Block<PlainLanes>(block, rate),
            };
        });
        return errors.Sum();
    }

    private static void Keep(float[] penalty, float rate, float[] keep)
    {
        for (var row = 0; row < keep.Length; row++)
            keep[row] = MathF.FusedMultiplyAdd(-rate, penalty[row], 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Block<TLanes>(ReadOnlySpan<Rating> ratings, float rate) where TLanes : struct, ILanes<TLanes>
    {
        var sum = 0.0;
        var width = factors.Width;
        fixed (float* p = factors.UserFactors, q = factors.MovieFactors, userBias = factors.UserBias, movieBias = factors.MovieBias, keepPerson = _keepPerson, keepMovie = _keepMovie)
        {
            for (var k = 0; k < ratings.Length; k++)
            {
                if (k + RowsAhead.Steps < ratings.Length)
                {
                    var next = ratings[k + RowsAhead.Steps];
                    RowsAhead.Fetch(p + ((nint)next.User * width), width);
                    RowsAhead.Fetch(q + ((nint)next.Movie * width), width);
                }

                var (user, movie, stars) = ratings[k];
                StepSide person = new(p + ((nint)user * width), userBias + user, keepPerson[user]), rated = new(q + ((nint)movie * width), movieBias + movie, keepMovie[movie]);
                var error = RatingStep<TLanes>.Take(stars - mean, person, rated, width, rate, penalties.Biases);
                sum += (double)error * error;
            }
        }

        return sum;
    }
}
