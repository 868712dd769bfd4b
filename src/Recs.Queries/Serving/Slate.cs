using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Training.Scoring;

namespace Recs.Queries.Serving;

/// <summary>
/// The best movies for one request, and the memory that finding them takes. Reused by one thread; a pure function of model, catalogue, history, filter and k,
/// so that a replay finds the same.
/// </summary>
public sealed class Slate
{
    private int[] _history = [];
    private float[] _all = [];
    private readonly int[] _items = new int[MostItems];
    private readonly float[] _scores = new float[MostItems];
    private int _count;

    /// <summary>Most movies of a slate.</summary>
    public const int MostItems = 100;

    /// <summary>Dense ids, best first; equal scores in ordinal order of the movie id.</summary>
    public ReadOnlySpan<int> Items => _items.AsSpan(0, _count);

    /// <summary>Score of each item.</summary>
    public ReadOnlySpan<float> Scores => _scores.AsSpan(0, _count);

    /// <summary>Whether the history shaped the scores.</summary>
    public bool Personalized { get; private set; }

    /// <summary>Finds the best <paramref name="k"/> movies that the person has not seen and the filter lets through.</summary>
    /// <param name="model">Scores and knows movies by dense id.</param>
    /// <param name="catalogue">Genres, as of the position that the slate records.</param>
    /// <param name="movies">The person's movie numbers, oldest first.</param>
    /// <param name="filter">What else to leave out.</param>
    /// <param name="k">Most movies, 1 to <see cref="MostItems"/>.</param>
    public void Find(LiveModel model, CatalogueState catalogue, ReadOnlySpan<int> movies, SlateFilter filter, int k)
    {
        if (_all.Length < model.Numbers.Length)
            _all = new float[model.Numbers.Length];
        if (_history.Length < movies.Length)
            _history = new int[movies.Length * 2];
        var length = 0;
        foreach (var number in movies)
            if (model.DenseOf(number) is >= 0 and var dense)
                _history[length++] = dense;
        var history = _history.AsSpan(0, length);
        var all = _all.AsSpan(0, model.Numbers.Length);
        Personalized = model.Scorer.Personalizes(history);
        model.Scorer.Score(history, all);
        SlateRanking.LeaveOut(all, history);
        filter.LeaveOut(model, catalogue, all);
        _count = SlateRanking.TopK(all, _items.AsSpan(0, k), _scores);
    }
}
