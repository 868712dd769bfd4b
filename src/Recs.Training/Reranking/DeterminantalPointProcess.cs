using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Recs.Training.Numerics;

namespace Recs.Training.Reranking;

/// <summary>
/// The list that greedily maximises the probability under a determinantal point process (Chen, Zhang and Zhou, "Fast Greedy MAP Inference for Determinantal Point Process
/// to Improve Recommendation Diversity", 2018): <c>(1 - w) Σ relevance + w ln det S</c> over the list. S has 1 on the diagonal and 0.9 times the Jaccard index of the
/// genres elsewhere. The Jaccard matrix is positive semidefinite (Bouchard, Jousselme and Doré, "A Proof for the Positive Definiteness of the Jaccard Index Matrix", 2013),
/// so S is positive definite and two movies of the same genres are unlikely together, but not impossible. Each step adds a row to the Cholesky factor of S: k² M
/// operations for k of M candidates.
/// </summary>
internal sealed class DeterminantalPointProcess : IReranker
{
    private const double Alikeness = 0.9;
    private double[] _factor = []; // row s: the s-th chosen one's row of the factor, one element per candidate
    private double[] _left = []; // per candidate: squared distance of its vector from the span of those chosen; the factor by which it multiplies the determinant
    private bool[] _taken = [];

    public void Choose(Candidates candidates, double weight, Span<int> chosen)
    {
        var stride = candidates.Movies.Length;
        if (_taken.Length < stride)
            (_left, _taken) = (new double[stride], new bool[stride]);
        if (_factor.Length < chosen.Length * stride)
            _factor = new double[chosen.Length * stride];
        _left.AsSpan(0, candidates.Count).Fill(1);
        _taken.AsSpan(0, candidates.Count).Clear();
        for (var place = 0; place < chosen.Length; place++)
        {
            var best = Best(candidates, weight);
            (chosen[place], _taken[best]) = (best, true);
            if (place + 1 < chosen.Length)
                AddRow(candidates, place, best, stride);
        }
    }

    private int Best(Candidates candidates, double weight)
    {
        var (best, most) = (-1, 0.0);
        for (var candidate = 0; candidate < candidates.Count; candidate++)
        {
            if (_taken[candidate])
                continue;
            var value = ((1 - weight) * candidates.Relevance[candidate]) + (weight * DeterministicMath.Log(_left[candidate]));
            if (best < 0 || value > most)
                (best, most) = (candidate, value);
        }

        return best;
    }

    /// <summary>(S(best, i) - Σ factor(s, best) factor(s, i)) / factor(best) for each candidate i, and what is then left of i.</summary>
    private void AddRow(Candidates candidates, int place, int best, int stride)
    {
        var row = _factor.AsSpan(place * stride, candidates.Count);
        for (var i = 0; i < row.Length; i++)
            row[i] = Alikeness * candidates.Similarity(best, i);
        row[best] = 1;
        for (var earlier = 0; earlier < place; earlier++)
            Subtract(row, _factor[(earlier * stride) + best], _factor.AsSpan(earlier * stride, row.Length));
        var length = Math.Sqrt(_left[best]);
        for (var i = 0; i < row.Length; i++)
        {
            row[i] /= length;
            _left[i] -= row[i] * row[i];
        }
    }

    /// <summary>target -= factor · row, element by element: a product and a difference, each rounded, on any instruction set.</summary>
    private static void Subtract(Span<double> target, double factor, ReadOnlySpan<double> row)
    {
        ref var to = ref MemoryMarshal.GetReference(target);
        ref var from = ref MemoryMarshal.GetReference(row);
        var i = 0;
        for (; i <= target.Length - Vector256<double>.Count; i += Vector256<double>.Count)
            (Vector256.LoadUnsafe(ref to, (nuint)i) - (factor * Vector256.LoadUnsafe(ref from, (nuint)i))).StoreUnsafe(ref to, (nuint)i);
        for (; i < target.Length; i++)
            target[i] -= factor * row[i];
    }
}
