using MathNet.Numerics.LinearAlgebra;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Ease;

public class EaseTests
{
    [Theory]
    [InlineData(30, 500)]
    [InlineData(150, 3)] // more than one tile of 64 and one block of 128
    public void The_weights_are_the_closed_form_in_double_precision(int movies, double ridge)
    {
        var data = GeneratedData.Interactions(users: 80, movies: movies, perUser: 20);
        var expected = ClosedForm(data, ridge);
        using var fitted = Fitted.Of("ease", data, ("ridge", $"{ridge}"));
        var scores = new float[data.Movies.Count];
        for (var movie = 0; movie < scores.Length; movie++)
        {
            fitted.Scorer.Score(new([movie]), scores); // age 0 weighs 1: the scores are a row of B
            for (var other = 0; other < scores.Length; other++)
                ((double)scores[other]).ShouldBe(expected[movie, other], 1e-5);
            scores[movie].ShouldBe(0);
        }
    }

    [Fact]
    public void Scores_are_the_weighted_history_times_the_weights()
    {
        var data = GeneratedData.Interactions();
        using var fitted = Fitted.Of("ease", data, ("tau", "2"), ("floor", "0.25"));
        string[] history = ["m3", "m17", "m8", "m9", "m21"];
        var scores = fitted.Scores(history);
        foreach (var movie in data.Movies.Ids)
        {
            var expected = Enumerable.Range(0, history.Length).Sum(age => (0.25 + (0.75 * Math.Exp(-age / 2.0))) * fitted.Scores(history[^(age + 1)])[movie]);
            ((double)scores[movie]).ShouldBe(expected, 1e-5);
        }
    }

    [Fact]
    public void Only_the_most_popular_movies_are_modelled_as_if_there_were_no_others()
    {
        var data = GeneratedData.Interactions(movies: 30);
        var popularity = Histories.Of(data).All.ToArray().CountBy(m => m).ToDictionary();
        var modelled = Enumerable.Range(0, data.Movies.Count).OrderByDescending(m => popularity[m]).ThenBy(m => m).Take(10).Select(m => data.Movies[m]).ToHashSet();
        var builder = new InteractionSetBuilder();
        for (var i = 0; i < data.Count; i++)
            if (modelled.Contains(data.Movies[data.Movie[i]]))
                builder.Add(data.Users[data.User[i]], data.Movies[data.Movie[i]], data.HalfStars[i], data.At[i]);
        using Fitted capped = Fitted.Of("ease", data, ("movies", "10")), alone = Fitted.Of("ease", builder.Build());
        string[] history = [.. modelled.Take(3)];
        var scores = capped.Scores(history);
        foreach (var (movie, score) in alone.Scores(history))
            scores[movie].ShouldBe(score);
        scores.Where(s => !modelled.Contains(s.Key)).ShouldAllBe(s => s.Value == 0);
    }

    private static Matrix<double> ClosedForm(InteractionSet data, double ridge)
    {
        var x = Matrix<double>.Build.Dense(data.Users.Count, data.Movies.Count);
        for (var i = 0; i < data.Count; i++)
            x[data.User[i], data.Movie[i]] = 1;
        var p = ((x.Transpose() * x) + (Matrix<double>.Build.DenseIdentity(data.Movies.Count) * ridge)).Inverse();
        return Matrix<double>.Build.Dense(p.RowCount, p.RowCount, (i, j) => i == j ? 0 : -p[i, j] / p[j, j]);
    }
}
