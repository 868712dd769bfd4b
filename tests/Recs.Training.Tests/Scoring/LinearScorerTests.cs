namespace Recs.Training.Tests.Scoring;

public class LinearScorerTests
{
    [Fact]
    public void A_history_longer_than_one_batch_of_rows_is_summed_whole()
    {
        var data = GeneratedData.Interactions(users: 30, movies: 700, perUser: 200);
        using var fitted = Fitted.Of("ease", data, ("floor", "0.5"), ("tau", "10"));
        int[] history = [.. Enumerable.Range(0, 600)];
        float[] scores = new float[data.Movies.Count], shares = new float[history.Length];
        fitted.Scorer.Score(new(history), scores);
        foreach (var movie in new[] { 0, 300, data.Movies.Count - 1 })
        {
            fitted.Scorer.Explain(new(history), movie, shares);
            ((double)scores[movie]).ShouldBe(shares.Sum(share => (double)share), 1e-4);
        }
    }
}
