namespace Recs.Training.Reranking;

/// <summary>
/// Maximal marginal relevance over genres (Carbonell and Goldstein, "The Use of MMR, Diversity-Based Reranking for Reordering Documents and Producing Summaries",
/// 1998): one after the other the candidate with the greatest <c>(1 - w) relevance + w (1 - nearest)</c>, where nearest is the greatest similarity to a movie chosen
/// before (0 for the first) and similarity the Jaccard index of the genres (two movies without genres count as alike).
/// </summary>
internal sealed class MarginalRelevance : IReranker
{
    private double[] _nearest = [];
    private bool[] _taken = [];

    public void Choose(Candidates candidates, double weight, Span<int> chosen)
    {
        if (_taken.Length < candidates.Count)
            (_nearest, _taken) = (new double[candidates.Movies.Length], new bool[candidates.Movies.Length]);
        _nearest.AsSpan(0, candidates.Count).Clear();
        _taken.AsSpan(0, candidates.Count).Clear();
        for (var place = 0; place < chosen.Length; place++)
        {
            var best = Best(candidates, weight);
            (chosen[place], _taken[best]) = (best, true);
            for (var other = 0; other < candidates.Count; other++)
                if (!_taken[other])
                    _nearest[other] = Math.Max(_nearest[other], candidates.Similarity(best, other));
        }
    }

    private int Best(Candidates candidates, double weight)
    {
        var (best, most) = (-1, 0.0);
        for (var candidate = 0; candidate < candidates.Count; candidate++)
        {
            if (_taken[candidate])
                continue;
            var value = (1 - weight) * candidates.Relevance[candidate] + weight * (1 - _nearest[candidate]);
            if (best < 0 || value > most)
                (best, most) = (candidate, value);
        }

        return best;
    }
}
