namespace Recs.Training.Reranking;

/// <summary>The re-rankers by name. A slate's policy records the name, so what a name stands for never changes: another arithmetic gets another name.</summary>
public static class Rerankers
{
    /// <summary>Maximal marginal relevance over genres.</summary>
    public const string Mmr = "mmr";
    /// <summary>The most probable list of a determinantal point process over genres.</summary>
    public const string Dpp = "dpp";
    /// <summary>Genres in the shares that they have in the person's history.</summary>
    public const string GenreCalibrated = "genre-calibrated";
    /// <summary>Popular, middling and rare movies in the shares that they have in the person's history.</summary>
    public const string PopularityCalibrated = "popularity-calibrated";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Mmr, Dpp, GenreCalibrated, PopularityCalibrated];

    /// <summary>A re-ranker with memory of its own, for one thread.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    internal static IReranker Create(string name) => name switch
    {
        Mmr => new MarginalRelevance(),
        Dpp => new DeterminantalPointProcess(),
        GenreCalibrated => new CalibratedShares(new GenreDivergence()),
        PopularityCalibrated => new CalibratedShares(new PopularityDivergence()),
        _ => throw new ArgumentException($"There is no re-ranker '{name}'; known: {string.Join(", ", Names)}.", nameof(name)),
    };
}
