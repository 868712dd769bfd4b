using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.UserStates;
using Recs.Training.Reranking;
using Recs.Training.Scoring;

namespace Recs.Queries.Serving;

/// <summary>
/// The best movies for one request, and the memory that finding them takes. Reused by one thread; a pure function of model, catalogue, history, rules and k,
/// so that a replay finds the same.
/// </summary>
public sealed class Slate
{
    private readonly int[] _items = new int[MostItems];
    private readonly float[] _scores = new float[MostItems];
    private readonly float[] _stars = new float[MostItems];
    private readonly ListReranking _reranking = new();
    private int[] _history = [];
    private byte[] _halfStars = [];
    private int[] _places = [];
    private float[] _all = [];
    private int _count, _predicted, _historyLength;

    /// <summary>Most movies of a slate.</summary>
    public const int MostItems = ListReranking.LongestList;

    /// <summary>What answered somebody of whose history the model knows no movie.</summary>
    public const string ColdStart = "cold-start";

    /// <summary>What answered somebody without such a history who is known by age or gender: what is popular with people like them.</summary>
    public const string Demographic = "demographic";

    /// <summary>What answered somebody whose history does not shape the model's scores.</summary>
    public const string Popularity = "popularity";

    /// <summary>What stands for an answer where there is none: the history and the rules leave out every movie that the model knows.</summary>
    public const string NothingLeft = "nothing-left";

    /// <summary>Dense ids, best first; equal scores in ordinal order of the movie id.</summary>
    public ReadOnlySpan<int> Items => _items.AsSpan(0, _count);

    /// <summary>The model's score of each item.</summary>
    public ReadOnlySpan<float> Scores => _scores.AsSpan(0, _count);

    /// <summary>How the person would rate each item, in stars; empty if the model does not predict ratings.</summary>
    public ReadOnlySpan<float> PredictedRatings => _stars.AsSpan(0, _predicted);

    /// <summary>Whether the history shaped the scores.</summary>
    public bool Personalized => Fallback is null;

    /// <summary>What answered instead of the history: <see cref="ColdStart"/>, <see cref="Demographic"/>, <see cref="Popularity"/> or <see cref="NothingLeft"/>; null if the history did.</summary>
    public string? Fallback { get; private set; }

    /// <summary>The movies of the history that the model knows, by dense id, oldest first.</summary>
    internal ReadOnlySpan<int> History => _history.AsSpan(0, _historyLength);

    /// <summary>Place of each movie of <see cref="History"/> among the person's movies.</summary>
    internal ReadOnlySpan<int> HistoryPlaces => _places.AsSpan(0, _historyLength);

    /// <summary>Finds the best <paramref name="k"/> movies that the person has not seen and the rules let through.</summary>
    /// <param name="model">Scores and knows movies by dense id.</param>
    /// <param name="catalogue">Genres, as of the position that the slate records.</param>
    /// <param name="user">The person.</param>
    /// <param name="rules">What else to leave out, and what besides the scores decides.</param>
    /// <param name="k">Most movies, 1 to <see cref="MostItems"/>.</param>
    public void Find(LiveModel model, CatalogueState catalogue, KnownUser user, SlateRules rules, int k)
    {
        if (_all.Length < model.Numbers.Length)
            _all = new float[model.Numbers.Length];
        Read(user, model);
        var state = UserOf(user);
        var all = _all.AsSpan(0, model.Numbers.Length);
        Fallback = model.Scorer.Personalizes(state) ? null : model.Scorer.AnswersByGroup(state) ? Demographic : _historyLength == 0 ? ColdStart : Popularity;
        model.Scorer.Score(state, all);
        SlateRanking.LeaveOut(all, History);
        rules.LeaveOut(model, catalogue, all);
        _count = rules.Rerank is { } rerank
            ? _reranking.Take(rerank, SlateRanking.TopK(all, _reranking.Movies(k), _reranking.Scores), History, new CatalogueTraits(model, catalogue), _items.AsSpan(0, k), _scores)
            : SlateRanking.TopK(all, _items.AsSpan(0, k), _scores);
        if (_count == 0)
            Fallback = NothingLeft; // whatever shaped the scores, nobody sees them
        _predicted = 0;
        if (model.Scorer is IRatingPredictor predictor)
            predictor.PredictRatings(state, Items, _stars.AsSpan(0, _predicted = _count));
    }

    /// <summary>What the model sees of the person whose slate this is.</summary>
    internal UserState UserOf(KnownUser user) => new(History, _halfStars.AsSpan(0, _historyLength), user.Demographics);

    private void Read(KnownUser user, LiveModel model)
    {
        if (_history.Length < user.Movies.Length)
            (_history, _halfStars, _places) = (new int[user.Movies.Length * 2], new byte[user.Movies.Length * 2], new int[user.Movies.Length * 2]);
        _historyLength = 0;
        for (var place = 0; place < user.Movies.Length; place++)
            if (model.DenseOf(user.Movies[place]) is >= 0 and var dense)
                (_history[_historyLength], _halfStars[_historyLength], _places[_historyLength++]) = (dense, user.HalfStars[place], place);
    }
}
