using Recs.Training.Evaluating.Protocols;
using Recs.Training.Fitting;
using Recs.Training.Reranking;

namespace Recs.Training.Evaluating;

/// <summary>A model to be judged.</summary>
/// <param name="Recommender">Kind of model.</param>
/// <param name="Options">Its hyper-parameters.</param>
public sealed record Contestant(IRecommender Recommender, OptionValues Options)
{
    /// <summary>A model with the options that were given, the others at their defaults.</summary>
    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    public static Contestant Of(IRecommender recommender, IReadOnlyDictionary<string, string>? given = null) => new(recommender, OptionValues.Parse(recommender.Options, given));
}

/// <summary>What is to be judged, and how.</summary>
/// <param name="Contestants">Models, in the order of the report.</param>
public sealed record EvaluationPlan(IReadOnlyList<Contestant> Contestants)
{
    /// <summary>The list length that slices and comparisons are about, if it is among <see cref="Ks"/>.</summary>
    private const int PreferredK = 10;

    /// <summary>How the data is cut.</summary>
    public IProtocol Protocol { get; init; } = new LeaveLastOut();
    /// <summary>Lengths of lists, each from 1; of no meaning where ratings are predicted.</summary>
    public IReadOnlyList<int> Ks { get; init; } = [5, 10, 20];
    /// <summary>Key of cuts, fits, intervals and tests.</summary>
    public ulong Seed { get; init; } = 1;
    /// <summary>What decides between ratings of the same time.</summary>
    public TimeTies Ties { get; init; }
    /// <summary>Fits at once, at most. With more than one, processor time and memory of a fit are not told.</summary>
    public int Parallel { get; init; } = 1;
    /// <summary>Bound on the estimated memory of what runs at once, in MiB; half of what the process may use by default.</summary>
    public long MemoryMiB { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (2 * 1024 * 1024);
    /// <summary>Fit everything a second time, on another number of threads, and compare the bytes.</summary>
    public bool Twice { get; init; }
    /// <summary>
    /// Re-rankers to be judged with one model or with each, in a row of its own beside that of the model's own order. A list of the greatest k is chosen as it would be
    /// served, and judged by its first k for the lesser ones.
    /// </summary>
    public IReadOnlyList<RerankedModel> Rerank { get; init; } = [];
    /// <summary>Receives every list of the greatest k as CSV, if wanted.</summary>
    public TextWriter? Slates { get; init; }
    /// <summary>Receives every predicted rating as CSV, if wanted.</summary>
    public TextWriter? Predictions { get; init; }

    /// <summary>The list length that slices and comparisons are about: 10, or else the greatest.</summary>
    public int MainK => Ks.Contains(PreferredK) ? PreferredK : Ks.Max();

    /// <summary>The re-rankers that are judged with a model, each once.</summary>
    internal IEnumerable<RerankChoice> RerankersOf(Contestant contestant) => Rerank.Where(r => r.Covers(contestant.Recommender.Name)).Select(r => r.Choice).Distinct();

    /// <summary>Checks what can be checked without data.</summary>
    /// <exception cref="ArgumentException">Something is out of range; the message says what.</exception>
    public void Check()
    {
        if (Contestants.Count == 0)
            throw new ArgumentException("There is no model to judge.");
        if (Ks.Count == 0 || Ks.Any(k => k < 1))
            throw new ArgumentException("List lengths must be whole numbers from 1.");
        if (Parallel < 1 || MemoryMiB < 1)
            throw new ArgumentException("At least one fit at once, and at least 1 MiB.");
        if (Rerank.Count > 0 && Protocol.PredictsRatings)
            throw new ArgumentException($"The protocol '{Protocol.Name}' predicts ratings and makes no lists, so none can be re-ranked.");
        if (Rerank.Count > 0 && Ks.Max() > ListReranking.LongestList)
            throw new ArgumentException($"A re-ranked list has at most {ListReranking.LongestList} movies.");
        if (Rerank.Select(r => r.Choice).FirstOrDefault(c => !c.IsKnown) is { } unknown)
            throw new ArgumentException($"There is no re-ranker '{unknown.Name}' with the weight {unknown.Weight}; known: {string.Join(", ", Rerankers.Names)}, with weights above 0 and at most 1.");
        if (Rerank.FirstOrDefault(r => !Contestants.Any(c => r.Covers(c.Recommender.Name))) is { } absent)
            throw new ArgumentException($"The lists of '{absent.Model}' cannot be re-ranked, since it is not among the models that are judged: {string.Join(", ", Contestants.Select(c => c.Recommender.Name))}.");
        if (Slates is not null && Protocol.PredictsRatings)
            throw new ArgumentException($"The protocol '{Protocol.Name}' predicts ratings and makes no lists, so none can be written.");
        if (Predictions is not null && !Protocol.PredictsRatings)
            throw new ArgumentException($"The protocol '{Protocol.Name}' makes lists and predicts no ratings, so none can be written; 'random' does.");
    }
}
