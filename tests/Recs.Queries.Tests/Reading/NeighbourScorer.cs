using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Queries.Tests.Reading;

/// <summary>A scorer with one weight: <c>matrix</c> leads to <c>toy</c>, and less so to <c>amelie</c>. It knows <c>mash</c>, from which nothing leads anywhere.</summary>
internal sealed class NeighbourScorer : IScorer
{
    public int ScorerVersion => 3;
    public IdMap Movies { get; } = IdMap.Of(["amelie", "mash", "matrix", "toy"]);

    public bool Personalizes(in UserState user) => user.Movies.Contains(Movies.Find("matrix"));

    public void Score(in UserState user, Span<float> scores)
    {
        scores.Clear();
        if (!Personalizes(user))
            return;
        scores[Movies.Find("matrix")] = 9;
        scores[Movies.Find("toy")] = 2;
        scores[Movies.Find("amelie")] = 1;
    }

    public bool Explain(in UserState user, int movie, Span<float> shares)
    {
        shares.Clear();
        return false;
    }

    public void Dispose()
    {
    }
}
