using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Queries.Tests;

/// <summary>A scorer whose score of a movie is a given number, plus one for each movie of the history: enough to see what a slate does with scores.</summary>
internal sealed class TableScorer(IReadOnlyDictionary<string, float> scores) : IScorer
{
    public int ScorerVersion => 1;
    public IdMap Movies { get; } = IdMap.Of(scores.Keys);
    public bool Personalizes(in UserState user) => user.Movies.Length > 0;

    public void Score(in UserState user, Span<float> target)
    {
        for (var dense = 0; dense < target.Length; dense++)
            target[dense] = scores[Movies[dense]] + user.Movies.Length;
    }

    public bool Explain(in UserState user, int movie, Span<float> shares)
    {
        shares[..user.Movies.Length].Fill(1);
        return user.Movies.Length > 0;
    }

    public void Dispose()
    {
    }
}
