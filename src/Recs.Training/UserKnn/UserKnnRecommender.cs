using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.UserKnn;

/// <summary>
/// Recommends what the people with the nearest histories have (Resnick et al., "GroupLens: An Open Architecture for Collaborative Filtering of Netnews", 1994; Herlocker et al.,
/// "An Algorithmic Framework for Performing Collaborative Filtering", 1999, for the bounded neighbourhood and the shrinkage). A history is a set: having a movie is what counts,
/// not its rating. The artifact keeps histories without anything that says whose they are; nobody has a row by which they could be found and dropped, so an erased
/// person's history is out of the model with the next training.
/// </summary>
public sealed class UserKnnRecommender : IRecommender
{
    /// <inheritdoc />
    public string Name => "user-knn";
    /// <inheritdoc />
    public string Summary => "Recommends what the people with the most similar histories have seen.";
    /// <inheritdoc />
    public IReadOnlyList<string> Limits =>
    [
        "Counts who has a movie, whatever the rating.",
        "Its file holds histories of people without their ids; an erased person's leaves it with the next training.",
    ];
    /// <inheritdoc />
    public int FormatVersion => 1;
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("neighbours", "nearest histories that vote", 1, 1_000, 40, OptionDescription.BestOfGrid, Whole: true) { Search = new(5, 500) },
        new("shrinkage", "weight that must be shared for half of the cosine to count; 0 for the plain cosine", 0, 1e6, 0, OptionDescription.BestOfGrid) { Search = new(0, 200) },
        .. HistoryWeights.Options(tau: 3, floor: 0.02, OptionDescription.BestOfGrid),
        new("window", "most recent movies of a person's own history that the search looks at", 1, 10_000, 50, OptionDescription.BestOfGrid, Whole: true) { Search = new(10, 200) },
        new("people", "histories that are kept, a random part if there are more; a search adds up window x people numbers at most", 1, 1_000_000, 20_000, "all of MovieLens 1M, and a list in less than 1 ms", Whole: true) { IsTuned = false },
    ];

    /// <inheritdoc />
    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        if (data.Count == 0)
            throw new InvalidDataException("The snapshot is empty: there is no history to learn from.");
        run.Report("histories", 0);
        var histories = Histories.Of(data);
        run.Report("people", 0.3);
        var kept = KeptHistories.Choose(histories, data.Movies.Count, (int)options["people"], seed);
        var artifact = new Artifact(Name, FormatVersion)
            .Add("movies", data.Movies.Ids)
            .AddColdStart(data, histories)
            .Add("search", (ReadOnlySpan<float>)[(float)options["neighbours"], (float)options["shrinkage"], (float)options["window"]]);
        kept.AddTo(artifact);
        HistoryWeights.Of(options).AddTo(artifact);
        run.Report("done", 1);
        return artifact;
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => new UserKnnScorer(files);
}
