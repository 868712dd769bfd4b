using System.Numerics;
using Recs.Training.Numerics;

namespace Recs.Training.Reranking;

/// <summary>
/// The Kullback-Leibler divergence of the history's genres p from (1 - α) q + α p with q the list's (Steck, "Calibrated Recommendations", 2018), in nats, α = 0.01. A movie
/// of n genres gives 1 / n to each; one without genres is not counted. A list without genres is as far away as can be: -ln α. A kind is a set of genres.
/// </summary>
internal sealed class GenreDivergence : IShareDivergence
{
    private const double Alpha = 0.01;
    private readonly List<int> _example = []; // per kind the first candidate of it
    private Candidates _candidates = null!;
    private double[] _listed = []; // per genre the sum over the list
    private double[] _logs = []; // per wanted genre ln((1 - α) q + α p) if the next movie has a genre, but not this one
    private int _counted;
    private double _best; // Σ p ln p
    private double _without; // Σ p ln(...) over those logs
    private double _unchanged; // the divergence of the list as it is

    public int Begin(Candidates candidates, Span<int> kinds)
    {
        _candidates = candidates;
        var wanted = candidates.WantedGenres;
        if (_listed.Length != wanted.Length)
            (_listed, _logs) = (new double[wanted.Length], new double[wanted.Length]);
        Array.Clear(_listed);
        (_counted, _best) = (0, 0);
        foreach (var share in wanted)
            if (share > 0)
                _best += share * DeterministicMath.Log(share);
        Count();
        return FindKinds(kinds);
    }

    public double With(int kind)
    {
        var genres = _candidates.GenresOf(_example[kind]);
        var count = GenreSet.Count(genres);
        if (count == 0)
            return _unchanged;
        var wanted = _candidates.WantedGenres;
        var (sum, part) = (_without, 1.0 / count);
        for (var word = 0; word < genres.Length; word++)
            for (var bits = genres[word]; bits != 0; bits &= bits - 1)
            {
                var genre = (64 * word) + BitOperations.TrailingZeroCount(bits);
                if (wanted[genre] > 0)
                    sum += wanted[genre] * (DeterministicMath.Log(Mixed(wanted[genre], _listed[genre] + part, _counted + 1)) - _logs[genre]);
            }

        return _best - sum;
    }

    public void Add(int kind)
    {
        if (GenreSet.AddShares(_candidates.GenresOf(_example[kind]), _listed))
            _counted++;
        Count();
    }

    private void Count()
    {
        var wanted = _candidates.WantedGenres;
        (_without, _unchanged) = (0, _best);
        for (var genre = 0; genre < wanted.Length; genre++)
        {
            if (wanted[genre] == 0)
                continue;
            _logs[genre] = DeterministicMath.Log(Mixed(wanted[genre], _listed[genre], _counted + 1));
            _without += wanted[genre] * _logs[genre];
            _unchanged -= wanted[genre] * DeterministicMath.Log(Mixed(wanted[genre], _listed[genre], Math.Max(1, _counted)));
        }
    }

    private static double Mixed(double wanted, double listed, int movies) => ((1 - Alpha) * listed / movies) + (Alpha * wanted);

    private int FindKinds(Span<int> kinds)
    {
        _example.Clear();
        for (var candidate = 0; candidate < kinds.Length; candidate++)
        {
            var kind = 0;
            while (kind < _example.Count && !_candidates.GenresOf(candidate).SequenceEqual(_candidates.GenresOf(_example[kind])))
                kind++;
            if (kind == _example.Count)
                _example.Add(candidate);
            kinds[candidate] = kind;
        }

        return _example.Count;
    }
}
