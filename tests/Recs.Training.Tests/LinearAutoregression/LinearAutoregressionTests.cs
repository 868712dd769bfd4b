using MathNet.Numerics.LinearAlgebra;
using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.LinearAutoregression;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.LinearAutoregression;

public sealed class LinearAutoregressionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LinearAutoregressionRecommender _recommender = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_weights_solve_the_regression_over_all_prefixes()
    {
        var data = GeneratedData.Interactions(users: 12, movies: 15, perUser: 12);
        var (tau, ridge) = (1.5, 3.0);
        var (z, y) = Prefixes(data, tau);
        var expected = ((z.Transpose() * z) + (Matrix<double>.Build.DenseIdentity(data.Movies.Count) * ridge)).Solve(z.Transpose() * y);

        using var scorer = Fit(data, ("tau", "1.5"), ("ridge", "3"));
        var scores = new float[data.Movies.Count];
        for (var movie = 0; movie < data.Movies.Count; movie++)
        {
            scorer.Score(new([movie]), scores); // age 0 weighs 1: the scores are a row of W
            for (var next = 0; next < scores.Length; next++)
                ((double)scores[next]).ShouldBe(expected[movie, next], 1e-5);
        }
    }

    [Fact]
    public void Scores_are_the_decayed_history_times_the_weights()
    {
        var data = GeneratedData.Interactions();
        using var scorer = Fit(data);
        int[] history = [3, 1, 4, 15, 9, 2, 6, 5, 35, 8, 7, 30, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29];
        var expected = new double[data.Movies.Count];
        var row = new float[expected.Length];
        for (var age = 0; age < 20; age++) // tau 4: the window is 20 movies
        {
            scorer.Score(new([history[^(age + 1)]]), row);
            for (var j = 0; j < row.Length; j++)
                expected[j] += Math.Exp(-age / 4.0) * row[j];
        }

        var scores = new float[row.Length];
        scorer.Score(new(history), scores);
        for (var j = 0; j < scores.Length; j++)
            ((double)scores[j]).ShouldBe(expected[j], 1e-5);
        scorer.Score(new(history.AsSpan(2)), row);
        row.ShouldBe(scores); // what is older than the window does not count
    }

    [Fact]
    public void An_empty_history_is_answered_by_popularity()
    {
        var data = GeneratedData.Interactions();
        using var scorer = Fit(data);
        scorer.Personalizes(new([])).ShouldBeFalse();
        scorer.Personalizes(new([0])).ShouldBeTrue();
        var scores = new float[data.Movies.Count];
        scorer.Score(new([]), scores);
        var counts = Histories.Of(data).All.ToArray().CountBy(m => m).ToDictionary();
        scores.ShouldBe(Enumerable.Range(0, scores.Length).Select(m => (float)counts.GetValueOrDefault(m)));
    }

    [Fact]
    public void Only_the_most_popular_movies_are_modelled_and_the_rest_score_zero()
    {
        var data = GeneratedData.Interactions(movies: 30);
        using var scorer = Fit(data, ("movies", "10"));
        var popularity = new float[data.Movies.Count];
        scorer.Score(new([]), popularity);
        var modelled = Enumerable.Range(0, popularity.Length).OrderByDescending(m => popularity[m]).ThenBy(m => m).Take(10).Order().ToList();
        var unmodelled = Enumerable.Range(0, popularity.Length).Except(modelled).ToList();

        var scores = new float[popularity.Length];
        scorer.Score(new([modelled[0], unmodelled[0]]), scores);
        unmodelled.ShouldAllBe(m => scores[m] == 0);
        modelled.Count(m => scores[m] != 0).ShouldBeGreaterThan(5);
        scorer.Personalizes(new([unmodelled[0]])).ShouldBeFalse();
        scorer.Score(new([unmodelled[0]]), scores);
        scores.ShouldBe(popularity);
    }

    private IScorer Fit(InteractionSet data, params (string, string)[] options) => _recommender.Open(new ArtifactStore(_folder.Path).Open(Store(data, new(), options).ContentHash));

    private StoredArtifact Store(InteractionSet data, FitRun run, params (string Name, string Value)[] options)
    {
        using var artifact = _recommender.Fit(data, OptionValues.Parse(_recommender.Options, options.ToDictionary(o => o.Name, o => o.Value)), 1, run);
        return new ArtifactStore(_folder.Path).Put(artifact);
    }

    /// <summary>Z and Y written out: one row per prefix.</summary>
    private static (Matrix<double> Z, Matrix<double> Y) Prefixes(InteractionSet data, double tau)
    {
        var histories = Histories.Of(data);
        List<double[]> z = [], y = [];
        for (var user = 0; user < histories.Users; user++)
            for (var t = 1; t < histories.Of(user).Length; t++)
            {
                double[] prefix = new double[data.Movies.Count], next = new double[data.Movies.Count];
                for (var age = 0; age < Math.Min(t, Math.Ceiling(5 * tau)); age++)
                    prefix[histories.Of(user)[t - 1 - age]] = Math.Exp(-age / tau);
                next[histories.Of(user)[t]] = 1;
                z.Add(prefix);
                y.Add(next);
            }

        return (Matrix<double>.Build.DenseOfRowArrays(z), Matrix<double>.Build.DenseOfRowArrays(y));
    }
}
