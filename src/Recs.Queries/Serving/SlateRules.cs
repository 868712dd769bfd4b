using Recs.Contracts.Recommendations;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Training.Scoring;

namespace Recs.Queries.Serving;

/// <summary>What shapes a slate besides the model's scores and what the person has seen: decided once per request, recorded in the slate's policy.</summary>
/// <param name="Genre">Only movies of this genre (as the catalogue spells it), if any.</param>
/// <param name="Exclude">Movie ids to leave out.</param>
/// <param name="Diversity">Weight of unlike genres against relevance, 0 to 1 (<see cref="GenreDiversity"/>); 0 keeps the order of the scores.</param>
public sealed record SlateRules(string? Genre, IReadOnlyList<string> Exclude, double Diversity = 0)
{
    /// <summary>Version of the rules without diversity: genre, then exclusions, then the best scores.</summary>
    public const int FilterVersion = 1;

    /// <summary>Version of the rules with diversity: the filters, then marginal relevance over genres.</summary>
    public const int DiversityVersion = 2;

    /// <summary>Nothing but what the person has seen is left out, and the best scores come first.</summary>
    public static readonly SlateRules None = new(null, []);

    /// <summary>The rules that a recorded policy stands for.</summary>
    /// <exception cref="NotSupportedException">The policy has a version that this code does not know, or a property that its version has not.</exception>
    public static SlateRules Of(SlatePolicy policy) => policy switch
    {
        { V: FilterVersion, Diversity: null } => new(policy.Genre, policy.Exclude ?? []),
        { V: DiversityVersion, Diversity: > 0 and <= 1 } => new(policy.Genre, policy.Exclude ?? [], policy.Diversity.Value),
        { V: FilterVersion or DiversityVersion } => throw new NotSupportedException($"The slate's policy of version {policy.V} cannot have the diversity '{policy.Diversity}'."),
        _ => throw new NotSupportedException($"The slate's policy has version {policy.V}; this code knows versions {FilterVersion} to {DiversityVersion}."),
    };

    /// <summary>Version of these rules. Slates without diversity stay of the first, so that they are the same bytes as ever.</summary>
    public int Version => Diversity > 0 ? DiversityVersion : FilterVersion;

    /// <summary>The policy that is recorded.</summary>
    public SlatePolicy Policy => new(Version, Genre, Exclude.Count == 0 ? null : Exclude, Diversity > 0 ? Diversity : null);

    /// <summary>Whether the slate depends on the catalogue.</summary>
    public bool ReadCatalogue => Genre is not null || Diversity > 0;

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
