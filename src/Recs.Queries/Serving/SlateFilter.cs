using Recs.Contracts.Recommendations;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Training.Scoring;

namespace Recs.Queries.Serving;

/// <summary>What may be in a slate, beside what the person has seen: decided once per request, recorded in the slate's policy.</summary>
/// <param name="Genre">Only movies of this genre (as the catalogue spells it), if any.</param>
/// <param name="Exclude">Movie ids to leave out.</param>
public sealed record SlateFilter(string? Genre, IReadOnlyList<string> Exclude)
{
    /// <summary>Version of these rules.</summary>
    public const int PolicyVersion = 1;

    /// <summary>Nothing but what the person has seen is left out.</summary>
    public static readonly SlateFilter None = new(null, []);

    /// <summary>The filter that a recorded policy stands for.</summary>
    /// <exception cref="NotSupportedException">The policy has a version that this code does not know.</exception>
    public static SlateFilter Of(SlatePolicy policy) => policy.V == PolicyVersion
        ? new(policy.Genre, policy.Exclude ?? [])
        : throw new NotSupportedException($"The slate's policy has version {policy.V}; this code knows version {PolicyVersion}.");

    /// <summary>The policy that is recorded.</summary>
    public SlatePolicy Policy => new(PolicyVersion, Genre, Exclude.Count == 0 ? null : Exclude);

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
