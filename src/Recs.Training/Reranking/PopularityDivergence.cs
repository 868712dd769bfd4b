using Recs.Training.Numerics;
using Recs.Training.Popularity;

namespace Recs.Training.Reranking;

/// <summary>
/// The Jensen-Shannon divergence of the shares of head, middle and tail in the list from those in the history (Abdollahpouri et al., "User-centered Evaluation of
/// Popularity Bias in Recommender Systems", 2021), in bits: 0 for the same shares, 1 if nothing is shared. A kind is a class of popularity.
/// </summary>
internal sealed class PopularityDivergence : IShareDivergence
{
    private const double Log2E = 1.4426950408889634;
    private readonly int[] _listed = new int[PopularityClasses.Count];
    private double[] _wanted = [];
    private int _movies;
    private bool _known;

    public int Begin(Candidates candidates, Span<int> kinds)
    {
        Array.Clear(_listed);
        (_wanted, _movies) = (candidates.WantedPopularity, 0);
        _known = _wanted.AsSpan().ContainsAnyExcept(0.0);
        for (var candidate = 0; candidate < kinds.Length; candidate++)
            kinds[candidate] = (int)candidates.Popularity[candidate];
        return PopularityClasses.Count;
    }

    public double With(int kind)
    {
        if (!_known)
            return 0;
        var sum = 0.0;
        for (var i = 0; i < _listed.Length; i++)
        {
            var (p, q) = (_wanted[i], (_listed[i] + (i == kind ? 1.0 : 0)) / (_movies + 1));
            sum += Part(p, (p + q) / 2) + Part(q, (p + q) / 2);
        }

        return sum / 2;
    }

    public void Add(int kind) => (_listed[kind], _movies) = (_listed[kind] + 1, _movies + 1);

    private static double Part(double share, double mean) => share > 0 ? share * DeterministicMath.Log(share / mean) * Log2E : 0;
}
