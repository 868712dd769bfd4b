using Recs.Queries.Catalogue;
using Recs.Queries.Models;

namespace Recs.Queries.Serving;

/// <summary>
/// The best movies for one request, and the memory that finding them takes. Reused by one thread; a pure function of model, catalogue, history, filter and k,
/// so that a replay finds the same.
/// </summary>
public sealed class Slate
{
    private int[] _history = [];
    private bool[] _left = [];
    private float[] _scores = [];
    private readonly List<int> _items = [];

    /// <summary>Dense ids, best first; equal scores in ordinal order of the movie id.</summary>
    public IReadOnlyList<int> Items => _items;

    /// <summary>Whether the history shaped the scores.</summary>
    public bool Personalized { get; private set; }

    /// <summary>Score of a dense id.</summary>
    public float ScoreOf(int dense) => _scores[dense];

    /// <summary>Finds the best <paramref name="k"/> movies that the person has not seen and the filter lets through.</summary>
    /// <param name="model">Scores and knows movies by dense id.</param>
    /// <param name="catalogue">Genres, as of the position that the slate records.</param>
    /// <param name="movies">The person's movie numbers, oldest first.</param>
    /// <param name="filter">What else to leave out.</param>
    /// <param name="k">Most movies.</param>
    public void Find(LiveModel model, CatalogueState catalogue, ReadOnlySpan<int> movies, SlateFilter filter, int k)
    {
        var count = model.Numbers.Length;
        if (_scores.Length < count)
            (_scores, _left) = (new float[count], new bool[count]);
        if (_history.Length < movies.Length)
            _history = new int[movies.Length * 2];
        var left = _left.AsSpan(0, count);
        var scores = _scores.AsSpan(0, count);
        left.Clear();
        var length = 0;
        foreach (var number in movies)
        {
            var dense = model.DenseOf(number);
            if (dense < 0)
                continue;
            _history[length++] = dense;
            left[dense] = true;
        }
        var history = _history.AsSpan(0, length);
        Personalized = model.Scorer.Personalizes(history);
        model.Scorer.Score(history, scores);
        filter.Mark(model, catalogue, left);
        TopK(scores, left, k);
    }
}
