namespace Recs.Training.Reranking;

/// <summary>
/// Greedy calibration (Steck, "Calibrated Recommendations", 2018): one after the other the candidate with the greatest <c>(1 - w) relevance - w divergence</c>, where the
/// divergence is that of the list with it from the history. Candidates of the same kind move the divergence alike, so of each kind only the best that is left is looked at.
/// </summary>
internal sealed class CalibratedShares(IShareDivergence divergence) : IReranker
{
    private int[] _kinds = [];
    private int[] _next = []; // per candidate the next one of its kind, or -1
    private int[] _first = []; // per kind the best that is left, or -1

    public void Choose(Candidates candidates, double weight, Span<int> chosen)
    {
        if (_kinds.Length < candidates.Count)
            (_kinds, _next, _first) = (new int[candidates.Movies.Length], new int[candidates.Movies.Length], new int[candidates.Movies.Length]);
        var kinds = divergence.Begin(candidates, _kinds.AsSpan(0, candidates.Count));
        _first.AsSpan(0, kinds).Fill(-1);
        for (var candidate = candidates.Count - 1; candidate >= 0; candidate--)
            (_next[candidate], _first[_kinds[candidate]]) = (_first[_kinds[candidate]], candidate);
        foreach (ref var place in chosen)
        {
            place = Best(candidates, weight, _first.AsSpan(0, kinds));
            _first[_kinds[place]] = _next[place];
            divergence.Add(_kinds[place]);
        }
    }

    private int Best(Candidates candidates, double weight, ReadOnlySpan<int> first)
    {
        var (best, most) = (-1, 0.0);
        for (var kind = 0; kind < first.Length; kind++)
        {
            var candidate = first[kind];
            if (candidate < 0)
                continue;
            var value = ((1 - weight) * candidates.Relevance[candidate]) - (weight * divergence.With(kind));
            if (best < 0 || value > most || (value == most && candidate < best))
                (best, most) = (candidate, value);
        }

        return best;
    }
}
