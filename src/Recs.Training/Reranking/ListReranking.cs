namespace Recs.Training.Reranking;

/// <summary>
/// Chooses lists with any re-ranker, and the memory that it takes: the best candidates by score go into <see cref="Movies"/> and <see cref="Scores"/>, <see cref="Take"/>
/// chooses among them. Reused by one thread; a pure function of what it is given.
/// </summary>
public sealed class ListReranking
{
    private const int CandidatesPerMovie = 5, LeastCandidates = 50;
    private readonly Candidates _candidates = new(CandidatesPerMovie * LongestList);
    private readonly int[] _chosen = new int[LongestList];
    private readonly Dictionary<string, IReranker> _rerankers = new(StringComparer.Ordinal);

    /// <summary>Longest list that is chosen.</summary>
    public const int LongestList = 100;

    /// <summary>How many candidates a list of <paramref name="k"/> is chosen from: five times as many, but at least 50.</summary>
    public static int CandidatesFor(int k) => Math.Max(CandidatesPerMovie * k, LeastCandidates);

    /// <summary>Where the candidates of a list of <paramref name="k"/> go: dense ids, best score first, equal scores in the order that they shall count in.</summary>
    public Span<int> Movies(int k) => _candidates.Movies.AsSpan(0, CandidatesFor(k));

    /// <summary>Where the candidates' scores go.</summary>
    public Span<float> Scores => _candidates.Scores;

    /// <summary>Chooses.</summary>
    /// <param name="choice">Re-ranker and weight.</param>
    /// <param name="count">Candidates that were filled in.</param>
    /// <param name="history">What the person has seen, as dense ids in any order.</param>
    /// <param name="traits">Genres and popularity of the movies.</param>
    /// <param name="movies">Receives dense ids; its length is the k that is wanted, at most <see cref="LongestList"/>.</param>
    /// <param name="scores">Receives the model's scores of them.</param>
    /// <returns>How many were chosen: k, or all candidates if there are fewer.</returns>
    /// <exception cref="ArgumentException">There is no such re-ranker.</exception>
    public int Take(RerankChoice choice, int count, ReadOnlySpan<int> history, IMovieTraits traits, Span<int> movies, Span<float> scores)
    {
        ArgumentNullException.ThrowIfNull(choice);
        ArgumentNullException.ThrowIfNull(traits);
        if (count == 0)
            return 0;
        if (!_rerankers.TryGetValue(choice.Name, out var reranker))
            _rerankers[choice.Name] = reranker = Rerankers.Create(choice.Name);
        _candidates.Read(count, history, traits);
        var chosen = _chosen.AsSpan(0, Math.Min(count, movies.Length));
        reranker.Choose(_candidates, choice.Weight, chosen);
        for (var place = 0; place < chosen.Length; place++)
            (movies[place], scores[place]) = (_candidates.Movies[chosen[place]], _candidates.Scores[chosen[place]]);
        return chosen.Length;
    }
}
