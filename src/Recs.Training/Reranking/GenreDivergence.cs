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
    private readonly List<(int Genre, int Of)> _parts = []; // wanted genres of movies of so many genres: few, though there are many sets
    private double[] _listed = []; // per genre the sum over the list
    private double[] _gains = []; // per genre and number of genres of the next movie: what this one adds to the sum of logs
    private int _counted;
    private double _best; // Σ p ln p
    private double _without; // Σ p ln(...) over those logs
    private double _unchanged; // the divergence of the list as it is

    public int Begin(Candidates candidates, Span<int> kinds)
    {
        _candidates = candidates;
        var wanted = candidates.WantedGenres;
        if (_listed.Length != wanted.Length)
            (_listed, _gains) = (new double[wanted.Length], new double[wanted.Length * (wanted.Length + 1)]);
        Array.Clear(_listed);
        (_counted, _best) = (0, 0);
        foreach (var share in wanted)
            if (share > 0)
                _best += share * DeterministicMath.Log(share);
        FindKinds(kinds);
        FindParts();
        Count();
        return _example.Count;
    }

    public double With(int kind)
    {
        var genres = _candidates.GenresOf(_example[kind]);
        var count = GenreSet.Count(genres);
        if (count == 0)
            return _unchanged;
        var sum = _without;
        for (var word = 0; word < genres.Length; word++)
            for (var bits = genres[word]; bits != 0; bits &= bits - 1)
                sum += _gains[Place((64 * word) + BitOperations.TrailingZeroCount(bits), count)];
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
            _without += wanted[genre] * DeterministicMath.Log(Mixed(wanted[genre], _listed[genre], _counted + 1));
            _unchanged -= wanted[genre] * DeterministicMath.Log(Mixed(wanted[genre], _listed[genre], Math.Max(1, _counted)));
        }

        foreach (var (genre, of) in _parts)
        {
            var (share, next) = (wanted[genre], _counted + 1);
            _gains[Place(genre, of)] = share * DeterministicMath.Log(Mixed(share, _listed[genre] + (1.0 / of), next) / Mixed(share, _listed[genre], next));
        }
    }

    private int Place(int genre, int of) => (of * _listed.Length) + genre;

    private static double Mixed(double wanted, double listed, int movies) => ((1 - Alpha) * listed / movies) + (Alpha * wanted);

    private void FindParts()
    {
        _parts.Clear();
        Array.Clear(_gains); // a genre that is not wanted adds nothing
        foreach (var candidate in _example)
        {
            var genres = _candidates.GenresOf(candidate);
            var count = GenreSet.Count(genres);
            for (var word = 0; word < genres.Length; word++)
                for (var bits = genres[word]; bits != 0; bits &= bits - 1)
                {
                    var genre = (64 * word) + BitOperations.TrailingZeroCount(bits);
                    if (_candidates.WantedGenres[genre] == 0 || _gains[Place(genre, count)] != 0)
                        continue;
                    _parts.Add((genre, count));
                    _gains[Place(genre, count)] = 1; // met; counted before it is used
                }
        }
    }

    private void FindKinds(Span<int> kinds)
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
    }
}
