using System.Numerics;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;

namespace Recs.Queries.Serving;

/// <summary>
/// Maximal marginal relevance over genres (Carbonell and Goldstein, "The Use of MMR, Diversity-Based Reranking for Reordering Documents and Producing Summaries",
/// 1998), policy version 2. From the candidates with the best scores it takes, one after the other, the one with the greatest
/// <c>(1 - d) relevance + d (1 - nearest)</c>: relevance is the score scaled to 0..1 over the candidates (1 where all are equal), nearest the greatest similarity to a
/// movie taken before (0 for the first), similarity the Jaccard index of the genre sets (two movies without genres count as alike). Of equal candidates the better
/// score wins, then the lower movie id. All in double precision, by operations that round the same way everywhere. Memory is reused by one thread.
/// </summary>
internal sealed class GenreDiversity
{
    private const int CandidatesPerItem = 5, LeastCandidates = 50;
    private readonly int[] _movies = new int[MostCandidates];
    private readonly float[] _scores = new float[MostCandidates];
    private readonly double[] _nearest = new double[MostCandidates];
    private readonly bool[] _taken = new bool[MostCandidates];
    private ulong[] _genres = [];

    /// <summary>Most movies that are considered.</summary>
    public const int MostCandidates = CandidatesPerItem * Slate.MostItems;

    /// <summary>Where the candidates of a slate of <paramref name="k"/> go: five times as many, but at least 50.</summary>
    public Span<int> Movies(int k) => _movies.AsSpan(0, Math.Max(CandidatesPerItem * k, LeastCandidates));

    /// <summary>Where the candidates' scores go.</summary>
    public Span<float> Scores => _scores;

    /// <summary>Takes the best mixture out of the first <paramref name="count"/> candidates, which are there with the best score first.</summary>
    /// <param name="count">Candidates that were found.</param>
    /// <param name="diversity">Weight d, above 0 and at most 1.</param>
    /// <param name="model">Knows the candidates by dense id.</param>
    /// <param name="catalogue">Genres.</param>
    /// <param name="items">Receives dense ids; its length is the k that is wanted.</param>
    /// <param name="scores">Receives the model's scores of them.</param>
    /// <returns>How many were taken.</returns>
    public int Take(int count, double diversity, LiveModel model, CatalogueState catalogue, Span<int> items, Span<float> scores)
    {
        var words = ReadGenres(count, model, catalogue);
        _nearest.AsSpan(0, count).Clear();
        _taken.AsSpan(0, count).Clear();
        var taken = Math.Min(items.Length, count);
        for (var place = 0; place < taken; place++)
        {
            var best = Best(count, diversity);
            (items[place], scores[place], _taken[best]) = (_movies[best], _scores[best], true);
            for (var other = 0; other < count; other++)
                if (!_taken[other])
                    _nearest[other] = Math.Max(_nearest[other], Similarity(best, other, words));
        }
        return taken;
    }

    private int Best(int count, double diversity)
    {
        double lowest = _scores[count - 1], range = _scores[0] - lowest;
        var (best, most) = (-1, 0.0);
        for (var candidate = 0; candidate < count; candidate++)
        {
            if (_taken[candidate])
                continue;
            var relevance = range > 0 ? (_scores[candidate] - lowest) / range : 1;
            var value = (1 - diversity) * relevance + diversity * (1 - _nearest[candidate]);
            if (best < 0 || value > most)
                (best, most) = (candidate, value);
        }
        return best;
    }

    private double Similarity(int a, int b, int words)
    {
        var (shared, all) = (0, 0);
        for (var word = 0; word < words; word++)
        {
            var (x, y) = (_genres[a * words + word], _genres[b * words + word]);
            shared += BitOperations.PopCount(x & y);
            all += BitOperations.PopCount(x | y);
        }
        return all == 0 ? 1 : (double)shared / all;
    }

    /// <summary>Sets the bit of each genre of each candidate; a movie that the catalogue does not hold has none.</summary>
    private int ReadGenres(int count, LiveModel model, CatalogueState catalogue)
    {
        var words = Math.Max(1, (catalogue.Genres.Count + 63) / 64);
        if (_genres.Length < count * words)
            _genres = new ulong[MostCandidates * words];
        _genres.AsSpan(0, count * words).Clear();
        for (var candidate = 0; candidate < count; candidate++)
            foreach (var genre in catalogue.Find(model.Numbers[_movies[candidate]])?.Genres ?? [])
            {
                var bit = catalogue.NumberOf(genre);
                _genres[candidate * words + (bit >> 6)] |= 1UL << (bit & 63);
            }
        return words;
    }
}
