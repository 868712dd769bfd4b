using Recs.Contracts.Recommendations;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Training.Reranking;
using Recs.Training.Scoring;

namespace Recs.Queries.Serving;

/// <summary>What shapes a slate besides the model's scores and what the person has seen: decided once per request, recorded in the slate's policy.</summary>
/// <param name="Genre">Only movies of this genre (as the catalogue spells it), if any.</param>
/// <param name="Exclude">Movie ids to leave out.</param>
/// <param name="Rerank">What chooses the slate among the candidates with the best scores; null keeps the order of the scores.</param>
public sealed record SlateRules(string? Genre, IReadOnlyList<string> Exclude, RerankChoice? Rerank = null)
{
    /// <summary>Version of the rules without a re-ranker: genre, then exclusions, then the best scores.</summary>
    public const int FilterVersion = 1;

    /// <summary>Version of the rules with diversity: the filters, then marginal relevance over genres (<see cref="Rerankers.Mmr"/>).</summary>
    public const int DiversityVersion = 2;

    /// <summary>Version of the rules with any other re-ranker, by name and weight.</summary>
    public const int RerankVersion = 3;

    /// <summary>Nothing but what the person has seen is left out, and the best scores come first.</summary>
    public static readonly SlateRules None = new(null, []);

    /// <summary>The rules that a recorded policy stands for.</summary>
    /// <exception cref="NotSupportedException">The policy has a version or names a re-ranker that this code does not know, or has a property that its version has not.</exception>
    public static SlateRules Of(SlatePolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        RerankChoice? rerank = policy switch
        {
            { V: FilterVersion, Diversity: null, Reranker: null, Weight: null } => null,
            { V: DiversityVersion, Diversity: > 0 and <= 1, Reranker: null, Weight: null } => new(Rerankers.Mmr, policy.Diversity.Value),
            { V: RerankVersion, Diversity: null, Reranker: { } name, Weight: { } weight } when new RerankChoice(name, weight).IsKnown => new(name, weight),
            { V: FilterVersion or DiversityVersion or RerankVersion } => throw new NotSupportedException(
                $"This code knows no slate's policy of version {policy.V} with the diversity '{policy.Diversity}', the re-ranker '{policy.Reranker}' and the weight '{policy.Weight}'."),
            _ => throw new NotSupportedException($"The slate's policy has version {policy.V}; this code knows versions {FilterVersion} to {RerankVersion}."),
        };
        return new(policy.Genre, policy.Exclude ?? [], rerank);
    }

    /// <summary>Version of these rules: the least that can say them, so that slates which an older version could make stay the same bytes as ever.</summary>
    public int Version => Rerank is null ? FilterVersion : Rerank.Name == Rerankers.Mmr ? DiversityVersion : RerankVersion;

    /// <summary>The policy that is recorded.</summary>
    public SlatePolicy Policy => new(Version, Genre, Exclude.Count == 0 ? null : Exclude)
    {
        Diversity = Version == DiversityVersion ? Rerank!.Weight : null,
        Reranker = Version == RerankVersion ? Rerank!.Name : null,
        Weight = Version == RerankVersion ? Rerank!.Weight : null,
    };

    /// <summary>Whether the slate depends on the catalogue.</summary>
    public bool ReadCatalogue => Genre is not null || Rerank is not null;

    /// <summary>Takes the movies that may not be in the slate out of the running.</summary>
    internal void LeaveOut(LiveModel model, CatalogueState catalogue, Span<float> scores)
    {
        if (Genre is not null)
            for (var dense = 0; dense < scores.Length; dense++)
                if (catalogue.Find(model.Numbers[dense]) is not { } movie || !movie.Genres.Contains(Genre, StringComparer.Ordinal))
                    scores[dense] = SlateRanking.LeftOut;
        foreach (var id in Exclude)
            if (model.Scorer.Movies.Find(id) is >= 0 and var dense)
                scores[dense] = SlateRanking.LeftOut;
    }
}
