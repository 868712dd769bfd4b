using Recs.Training.Scoring;

namespace Recs.Training.ItemKnn;

/// <summary>
/// A movie scores the sum, over the movies of the history that are among its nearest, of weight times similarity, from the most recent movie to the oldest.
/// A movie with none of its nearest in the history scores 0.
/// </summary>
internal sealed class NeighbourVotes(NeighbourLists lists, HistoryWeights weights)
{
    /// <summary>Whether the history is among the nearest of any movie.</summary>
    public bool Any(ReadOnlySpan<int> history)
    {
        foreach (var movie in Counting(history))
            if (!lists.NearTo(movie).IsEmpty)
                return true;
        return false;
    }

    /// <summary>Scores every movie.</summary>
    public void Score(ReadOnlySpan<int> history, Span<float> scores)
    {
        scores.Clear();
        for (var age = 0; age < Counting(history).Length; age++)
        {
            var weight = weights[age];
            ReadOnlySpan<int> near = lists.NearTo(history[^(age + 1)]);
            ReadOnlySpan<float> similarity = lists.SimilaritiesTo(history[^(age + 1)]);
            for (var i = 0; i < near.Length; i++)
                scores[near[i]] = MathF.FusedMultiplyAdd(weight, similarity[i], scores[near[i]]);
        }
    }

    /// <summary>The share of a movie of the history is its weight times its similarity, if it is among the nearest: the terms of the sum that the score is.</summary>
    /// <param name="history">The history.</param>
    /// <param name="movie">The movie to explain.</param>
    /// <param name="shares">Receives one per movie of the history.</param>
    public void Explain(ReadOnlySpan<int> history, int movie, Span<float> shares)
    {
        shares.Clear();
        for (var age = 0; age < Counting(history).Length; age++)
            shares[history.Length - 1 - age] = weights[age] * lists.Similarity(movie, history[^(age + 1)]);
    }

    private ReadOnlySpan<int> Counting(ReadOnlySpan<int> history) => history[^Math.Min(history.Length, weights.Window)..];
}
