using Recs.Training.Als;
using Recs.Training.Factors;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Als;

public class AlsTests
{
    private const int Width = 16;
    private static readonly AlsProblem Problem = new(Width, Alpha: 2, Regularization: 0.3f, Steps: 3);

    [Fact]
    public void A_half_step_with_steps_enough_solves_every_row_s_regression()
    {
        var (people, _, x, y) = Begin();
        HalfStep.Run(new(), people, x, y, Problem with { Steps = 100 });
        for (var person = 0; person < people.Count; person++)
        {
            var row = x.AsSpan(person * Width, Width).ToArray();
            for (var i = 0; i < Width; i++) // the gradient of the loss by x[i]
                (Enumerable.Range(0, y.Length / Width).Sum(movie => Confidence(people, person, movie) * (Dot(row, y, movie) - Seen(people, person, movie)) * y[(movie * Width) + i])
                    + (Problem.Regularization * row[i])).ShouldBe(0, 1e-4);
        }
    }

    [Fact]
    public void The_loss_is_that_of_the_definition_and_falls_in_every_half_step()
    {
        var (people, movies, x, y) = Begin();
        var last = double.PositiveInfinity;
        for (var round = 0; round < 4; round++)
        {
            foreach (var loss in new[] { HalfStep.Run(new(), people, x, y, Problem), HalfStep.Run(new(), movies, y, x, Problem) })
            {
                loss.ShouldBeLessThan(last);
                last = loss;
            }

            last.ShouldBe(Loss(people, x, y), 1e-3);
        }
    }

    [Fact]
    public void A_person_in_the_data_is_scored_as_by_the_factors_that_the_fit_would_give_them()
    {
        var data = GeneratedData.Interactions();
        using var fitted = Fitted.Of("als", data, ("factors", "8"), ("iterations", "40"), ("floor", "1"), ("alpha", "2"), ("regularization", "1"));
        var histories = Histories.Of(data);
        var people = SparseRows.Of(histories);
        var movies = people.Transposed(data.Movies.Count);
        var (x, y) = (new float[people.Count * Width], StartingFactors.Draw(movies.Count, 8, 0.1f, new(1, 1)));
        for (var round = 0; round < 40; round++)
        {
            HalfStep.Run(new(), people, x, y, new(Width, 2, 1, 3));
            HalfStep.Run(new(), movies, y, x, new(Width, 2, 1, 3));
        }

        HalfStep.Run(new(), people, x, y, new(Width, 2, 1, 100));
        var scores = new float[data.Movies.Count];
        fitted.Scorer.Score(new(histories.Of(5)), scores);
        for (var movie = 0; movie < scores.Length; movie++)
            ((double)scores[movie]).ShouldBe(Dot(x.AsSpan(5 * Width, Width).ToArray(), y, movie), 1e-4);
    }

    [Fact]
    public void Two_tastes_need_two_factors()
    {
        var builder = new InteractionSetBuilder();
        for (var person = 0; person < 40; person++)
            for (var movie = 0; movie < 10; movie++)
                if (movie != person % 10) // one is left to be found
                    builder.Add($"u{person}", $"{(person % 2 == 0 ? "a" : "b")}{movie}", 8, movie);
        using var fitted = Fitted.Of("als", builder.Build(), ("factors", "2"));
        var scores = fitted.Scores("a1", "a2", "a3");
        scores.OrderByDescending(s => s.Value).Take(10).ShouldAllBe(s => s.Key.StartsWith('a'));
        scores.Where(s => s.Key.StartsWith('b')).ShouldAllBe(s => Math.Abs(s.Value) < 0.05);
    }

    private static (SparseRows People, SparseRows Movies, float[] X, float[] Y) Begin()
    {
        var data = GeneratedData.Interactions(users: 25, movies: 30, perUser: 10);
        var people = SparseRows.Of(Histories.Of(data));
        return (people, people.Transposed(data.Movies.Count), new float[people.Count * Width], StartingFactors.Draw(data.Movies.Count, 5, 1, new(1, 1)));
    }

    private static double Loss(SparseRows people, float[] x, float[] y)
    {
        var loss = Problem.Regularization * (x.Sum(v => (double)v * v) + y.Sum(v => (double)v * v));
        for (var person = 0; person < people.Count; person++)
            for (var movie = 0; movie < y.Length / Width; movie++)
                loss += Confidence(people, person, movie) * Math.Pow(Dot(x.AsSpan(person * Width, Width).ToArray(), y, movie) - Seen(people, person, movie), 2);
        return loss;
    }

    private static double Seen(SparseRows people, int person, int movie) => people.Of(person).Contains(movie) ? 1 : 0;
    private static double Confidence(SparseRows people, int person, int movie) => 1 + (Problem.Alpha * Seen(people, person, movie));
    private static double Dot(float[] row, float[] y, int movie) => Enumerable.Range(0, Width).Sum(i => (double)row[i] * y[(movie * Width) + i]);
}
