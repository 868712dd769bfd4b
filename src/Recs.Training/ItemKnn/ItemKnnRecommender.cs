using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.ItemKnn;

/// <summary>
/// Recommends the nearest neighbours of the movies in a history (Sarwar et al., "Item-based Collaborative Filtering Recommendation Algorithms", 2001; Deshpande
/// and Karypis, "Item-Based Top-N Recommendation Algorithms", 2004). Two movies are near by the cosine of their columns, shrunk where few people have both:
/// c / sqrt(n(i) n(j)) times c / (c + shrinkage), with n the people who have a movie and c those who have both.
/// </summary>
public sealed class ItemKnnRecommender : IRecommender
{
    /// <inheritdoc />
    public string Name => "item-knn";
    /// <inheritdoc />
    public string Summary => "Recommends the movies that those who saw the same movies also saw.";
    /// <inheritdoc />
    public IReadOnlyList<string> Limits =>
    [
        "Counts who has a movie, whatever the rating.",
        "A movie with none of its nearest in the history has no score of its own.",
    ];
    /// <inheritdoc />
    public int FormatVersion => 2;
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("neighbours", "nearest movies that are kept of each movie", 1, 1_000, 50, OptionDescription.BestOfGrid, Whole: true) { Search = new(5, 500) },
        new("shrinkage", "people who must have both movies for half of the cosine to count; 0 for the plain cosine", 0, 1e6, 0, OptionDescription.BestOfGrid) { Search = new(0, 200) },
        .. HistoryWeights.Options(tau: 3, floor: 0.02, OptionDescription.BestOfGrid),
    ];

    /// <inheritdoc />
    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        if (data.Count == 0)
            throw new InvalidDataException("The snapshot is empty: there is no history to learn from.");
        run.Report("histories", 0);
        var histories = Histories.Of(data);
        var cosine = new MovieCosine(histories, data.Movies.Count, options["shrinkage"]);
        var neighbours = NeighbourLists.Find(data.Movies.Count, (int)options["neighbours"], run, cosine.Worker);
        var artifact = new Artifact(Name, FormatVersion)
            .Add("movies", data.Movies.Ids)
            .AddColdStart(data, histories);
        neighbours.AddTo(artifact);
        HistoryWeights.Of(options).AddTo(artifact);
        run.Report("done", 1);
        return artifact;
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => new ItemKnnScorer(files);
}
