using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Queries.Tests;

/// <summary>A scorer whose score of a movie is a given number, plus one for each movie of the history: enough to see what a slate does with scores.</summary>
internal sealed class TableScorer(IReadOnlyDictionary<string, float> scores) : IScorer
{
    public int ScorerVersion => 1;
    public IdMap Movies { get; } = IdMap.Of(scores.Keys);
    public bool Personalizes(ReadOnlySpan<int> history) => history.Length > 0;

    public void Score(ReadOnlySpan<int> history, Span<float> target)
    {
        for (var dense = 0; dense < target.Length; dense++)
            target[dense] = scores[Movies[dense]] + history.Length;
    }

    public bool Explain(ReadOnlySpan<int> history, int movie, Span<float> shares)
    {
        shares[..history.Length].Fill(1);
        return history.Length > 0;
    }

    public void Dispose()
    {
    }
}
