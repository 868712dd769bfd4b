using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.ItemKnn;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.KnnBaseline;

/// <summary>
/// Predicts ratings from how the person rated the movies that are rated most alike, each rating taken as a difference from its baseline (Koren, "Factor in the Neighbors: Scalable
/// and Accurate Collaborative Filtering", 2010, section 2.2). Neighbours are movies, never people, so a person is folded in from their ratings alone.
/// </summary>
public sealed class KnnBaselineRecommender : IRecommender
{
    /// <inheritdoc />
    public string Name => "knn-baseline";
    /// <inheritdoc />
    public string Summary => "Predicts ratings from the person's ratings of the movies that are rated most alike.";
    /// <inheritdoc />
    public IReadOnlyList<string> Limits => ["Orders by the votes of what was seen lately and not by the predicted rating, so the two may disagree."];
    /// <inheritdoc />
    public int FormatVersion => 1;
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("neighbours", "most similar movies of those that the person rated, from which a rating is predicted", 1, 1_000, 40, "Surprise; 20 to 60 are within 0.002 of its error on a fifth of MovieLens 1M's training ratings", Whole: true),
        new("kept", "most similar movies that are kept of each movie; memory grows with it", 1, 5_000, 500, "200, 500 and 1,000 were tried on a fifth of MovieLens 1M's training ratings; 1,000 gains 0.001 for twice the bytes", Whole: true),
        new("shrinkage", "people who must have rated both movies for half of the correlation to count", 0, 1e6, 100, "Koren, \"Factor in the Neighbors\", 2010, as in Surprise"),
        new("movie-penalty", "shrinks a movie's baseline: so many ratings at the mean are added", 0, 1e6, 10, "Surprise's baselines by alternating least squares"),
        new("person-penalty", "shrinks a person's baseline: so many ratings at the mean are added", 0, 1e6, 15, "Surprise's baselines by alternating least squares"),
        new("epochs", "turns between the movies' and the people's baselines", 1, 1_000, 10, "Surprise's baselines by alternating least squares", Whole: true),
        .. HistoryWeights.Options(tau: 3, floor: 0.02, OptionDescription.BestOfGrid),
    ];

    /// <inheritdoc />
    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        if (data.Count == 0)
            throw new InvalidDataException("The snapshot is empty: there is no rating to learn from.");
        run.Report("baselines", 0);
        var (histories, movies) = (Histories.Of(data), data.Movies.Count);
        var people = AnonymousOrder.Of(histories);
        var baselines = Baselines.Of(histories, people, movies, options, run);
        var correlation = new BaselineCorrelation(histories, people, baselines, options["shrinkage"]);
        var neighbours = NeighbourLists.Find(movies, (int)options["kept"], run, correlation.Worker);
        var (lowest, highest) = Scale(histories);
        var artifact = new Artifact(Name, FormatVersion)
            .Add("movies", data.Movies.Ids)
            .AddColdStart(data, histories)
            .Add("prediction", (ReadOnlySpan<float>)[(float)options["neighbours"], lowest, highest]);
        baselines.AddTo(artifact);
        neighbours.AddTo(artifact);
        HistoryWeights.Of(options).AddTo(artifact);
        run.Report("done", 1);
        return artifact;
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => new KnnBaselineScorer(files);

    /// <summary>The lowest and the highest rating in stars; the whole scale if nobody rated.</summary>
    private static (float Lowest, float Highest) Scale(Histories histories)
    {
        var (lowest, highest) = (byte.MaxValue, byte.MinValue);
        foreach (var halfStars in histories.HalfStars)
            if (halfStars != 0)
                (lowest, highest) = (Math.Min(lowest, halfStars), Math.Max(highest, halfStars));
        return highest == 0 ? (0.5f, 5) : (lowest * 0.5f, highest * 0.5f);
    }
}
