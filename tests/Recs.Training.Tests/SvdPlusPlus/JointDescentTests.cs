using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.RatingFactors;
using Recs.Training.Snapshots;
using Recs.Training.SvdPlusPlus;

namespace Recs.Training.Tests.SvdPlusPlus;

public class JointDescentTests
{
    private const int Factors = 3;
    private const float Rate = 1e-4f;
    private static readonly InteractionSet Data = GeneratedData.Interactions(users: 14, movies: 12, perUser: 8, watches: true);
    private static readonly Histories People = Histories.Of(Data);
    private static readonly RatingTable Ratings = RatingTable.Of(People, Data.Movies.Count);

    /// <summary>With a small rate and one batch, what a walk moves is minus half the slope of the squared errors.</summary>
    [Theory]
    [InlineData(0)] // p
    [InlineData(1)] // q
    [InlineData(2)] // y
    [InlineData(3)] // x
    [InlineData(4)] // b(u)
    public void A_step_goes_down_the_slope_that_finite_differences_find(int array)
    {
        var before = Learned();
        var after = Learned();
        Descent(after).Walk(new(Rate, 0), new(1, 1));
        var checkedOnes = 0;
        for (var i = 0; i < before.State[array].Length; i += 5)
        {
            if (array != 4 && i % before.Width >= Factors)
                continue;
            var value = before.State[array][i];
            before.State[array][i] = value + 0.01f;
            var more = SquaredErrors(before);
            before.State[array][i] = value - 0.01f;
            var less = SquaredErrors(before);
            before.State[array][i] = value;
            var slope = (more - less) / (2 * 0.01);
            ((after.State[array][i] - value) / Rate).ShouldBe((float)(-slope / 2), 0.02f + (0.02f * (float)Math.Abs(slope)));
            checkedOnes += Math.Abs(slope) > 0.1 ? 1 : 0;
        }

        checkedOnes.ShouldBeGreaterThan(2);
    }

    [Fact]
    public void The_loss_of_a_walk_is_the_sum_of_the_squared_errors()
        => Descent(Learned()).Walk(new(1e-9f, 0), new(1, 1)).ShouldBe(SquaredErrors(Learned()), 1e-3);

    [Fact]
    public void Penalties_shrink_what_is_learned()
    {
        JointFactors free = Learned(), held = Learned();
        Descent(free).Walk(new(0.01f, 0), new(1, 1));
        Descent(held, penalty: 1).Walk(new(0.01f, 1), new(1, 1));
        for (var array = 0; array < free.State.Count; array++)
            held.State[array].Sum(v => v * v).ShouldBeLessThan(free.State[array].Sum(v => v * v));
    }

    private static JointDescent Descent(JointFactors factors, float penalty = 0)
    {
        var (people, movies) = (new float[Ratings.Users], new float[Ratings.Movies]);
        Array.Fill(people, penalty);
        Array.Fill(movies, penalty);
        return new(new FitRun(Threads: 1), new(People, Ratings, factors, new(people, movies, penalty)), 1);
    }

    /// <summary>Factors of ordinary size, the same at every call.</summary>
    private static JointFactors Learned()
    {
        var factors = JointFactors.Start(People.Users, Data.Movies.Count, Factors, 1);
        var random = new CounterRandom(5, 5);
        for (var array = 0; array < factors.State.Count; array++)
            for (var i = 0; i < factors.State[array].Length; i++)
                if (array >= 4 || i % factors.Width < Factors)
                    factors.State[array][i] = (random.Below(2001, (ulong)((array * 10_000) + i)) - 1000) / 1000f;
        return factors;
    }

    /// <summary>The definition, in double precision.</summary>
    private static double SquaredErrors(JointFactors f)
    {
        var sum = 0.0;
        for (var user = 0; user < People.Users; user++)
        {
            var history = People.Of(user).ToArray();
            var rated = Enumerable.Range(Ratings.First[user], Ratings.First[user + 1] - Ratings.First[user]).Select(i => (Movie: Ratings.Movie[i], Stars: (double)Ratings.Stars[i])).ToArray();
            var t = rated.Select(r => r.Stars - Ratings.Scale.Mean - f.MovieBias[r.Movie]).ToArray();
            var mean = t.Sum() / (t.Length + 5);
            var w = Enumerable.Range(0, Factors).Select(j =>
                f.UserFactors[(user * f.Width) + j]
                + (history.Sum(m => (double)f.Watched[(m * f.Width) + j]) / Math.Sqrt(history.Length))
                + (rated.Select((r, k) => (t[k] - mean) * f.Rated[(r.Movie * f.Width) + j]).Sum() / Math.Sqrt(Math.Max(rated.Length, 1)))).ToArray();
            sum += rated.Select((r, k) => t[k] - f.UserBias[user] - w.Select((x, j) => x * f.MovieFactors[(r.Movie * f.Width) + j]).Sum()).Sum(e => e * e);
        }

        return sum;
    }
}
