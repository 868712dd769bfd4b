using FsCheck;
using FsCheck.Fluent;
using Recs.Training.Artifacts;
using Recs.Training.Factors;
using Recs.Training.Fitting;
using Recs.Training.Scoring;

namespace Recs.Training.Tests.Factors;

/// <summary>People folded into factors that are given, not learned: 40 movies, the first three of which nobody had.</summary>
public sealed class FoldInTests : IDisposable
{
    private const int Movies = 40;
    private const int Width = 16;
    private const float Confidence = 3;
    private const float Ridge = 0.5f;
    private static readonly string[] Ids = [.. Enumerable.Range(0, Movies).Select(m => $"m{m:00}")];
    private readonly TemporaryFolder _folder = new();
    private readonly float[] _factors;

    public FoldInTests()
    {
        using var drawn = GeneratedData.Matrix(Movies, Width, 9);
        _factors = GeneratedData.Numbers(drawn);
        _factors.AsSpan(0, 3 * Width).Clear();
    }

    [Fact]
    public void Scores_are_those_of_the_ridge_regression_written_out()
    {
        using var scorer = Open(tau: 3, floor: 0.2);
        int[] history = [7, 31, 0, 12, 25];
        var scores = new float[Movies];
        scorer.Score(new(history), scores);
        var expected = Naive(history, age => 0.2 + (0.8 * Math.Exp(-age / 3.0)));
        for (var movie = 0; movie < Movies; movie++)
            ((double)scores[movie]).ShouldBe(expected[movie], 1e-5);
    }

    [Fact]
    public void The_shares_sum_to_the_score()
    {
        using var scorer = Open(tau: 3, floor: 0);
        var scores = new float[Movies];
        Prop.ForAll(Gen.Shuffle(Enumerable.Range(3, Movies - 3).ToArray()).ToArbitrary(), shuffled =>
        {
            var history = shuffled[..(1 + (shuffled[0] % 30))];
            scorer.Score(new(history), scores);
            var shares = new float[history.Length];
            scorer.Explain(new(history), 5, shares).ShouldBeTrue();
            ((double)shares.Sum()).ShouldBe(scores[5], 1e-5);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    [Fact]
    public void A_movie_that_nobody_had_shapes_nothing()
    {
        using var scorer = Open(tau: 3, floor: 1);
        float[] scores = new float[Movies], popularity = new float[Movies], shares = new float[2];
        scorer.Score(new([]), popularity);
        scorer.Score(new([1, 2]), scores);
        scores.ShouldBe(popularity);
        scorer.Explain(new([1, 2]), 8, shares).ShouldBeFalse();
        scorer.Score(new([7, 1, 9]), scores);
        scores[2].ShouldBe(0);
        scorer.Score(new([7, 9]), popularity);
        scores.ShouldBe(popularity);
    }

    [Fact]
    public void A_file_whose_rule_is_cut_short_is_refused()
    {
        var artifact = new Artifact("als", 1).Add("movies", Ids).Add("popularity", (ReadOnlySpan<int>)new int[Movies]).AddFactors(_factors, new(new float[17], 1, 1), Weights(3, 1));
        var stored = Store.Put(artifact);
        Should.Throw<DamagedArtifactException>(() => new FactorScorer(Store.Open(stored.ContentHash))).Message.ShouldContain("17 numbers of 'gram'");
    }

    public void Dispose() => _folder.Dispose();

    private ArtifactStore Store => new(_folder.Path);

    private FactorScorer Open(double tau, double floor)
    {
        var popularity = Enumerable.Range(0, Movies).Select(movie => movie < 3 ? 0 : 100 - movie).ToArray();
        var artifact = new Artifact("als", 1).Add("movies", Ids).Add("popularity", (ReadOnlySpan<int>)popularity).AddFactors(_factors, new(Gram(), Confidence, 1 + Confidence), Weights(tau, floor));
        return new(Store.Open(Store.Put(artifact).ContentHash));
    }

    private static HistoryWeights Weights(double tau, double floor) => HistoryWeights.Of(OptionValues.Parse(HistoryWeights.Options(tau, floor, "test")));

    private float[] Gram()
    {
        var gram = new float[Width * Width];
        for (var i = 0; i < Width; i++)
            for (var j = 0; j < Width; j++)
                gram[(i * Width) + j] = (float)Enumerable.Range(0, Movies).Sum(m => (double)_factors[(m * Width) + i] * _factors[(m * Width) + j]) + (i == j ? Ridge : 0);
        return gram;
    }

    /// <summary>In double precision, by Gauss's elimination.</summary>
    private double[] Naive(int[] history, Func<int, double> weight)
    {
        var (gram, system) = (Gram(), new double[Width, Width + 1]);
        for (var i = 0; i < Width; i++)
        {
            for (var j = 0; j < Width; j++)
                system[i, j] = gram[(i * Width) + j];
            for (var age = 0; age < history.Length; age++)
            {
                var y = _factors.AsSpan(history[^(age + 1)] * Width, Width);
                for (var j = 0; j < Width; j++)
                    system[i, j] += Confidence * weight(age) * y[i] * y[j];
                system[i, Width] += (1 + Confidence) * weight(age) * y[i];
            }
        }

        for (var i = 0; i < Width; i++)
            for (var k = 0; k < Width; k++)
                for (var j = Width; k != i && j >= i; j--)
                    system[k, j] -= system[k, i] / system[i, i] * system[i, j];
        return [.. Enumerable.Range(0, Movies).Select(movie => Enumerable.Range(0, Width).Sum(i => _factors[(movie * Width) + i] * system[i, Width] / system[i, i]))];
    }
}
