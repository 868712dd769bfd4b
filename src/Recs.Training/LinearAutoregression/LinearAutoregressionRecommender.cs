using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.LinearAutoregression;

/// <summary>
/// Predicts a person's next movie from the decayed history by one ridge regression for all movies at once:
/// W = (Z'Z + ridge I)^-1 Z'Y, where each row of Z is a prefix of a history (<see cref="DecayedHistory"/>) and the row of Y the movie that came next.
/// </summary>
public sealed class LinearAutoregressionRecommender : IRecommender
{
    /// <inheritdoc />
    public string Name => "linear-autoregression";
    /// <inheritdoc />
    public string Summary => "Predicts the next movie from the last ones, by one ridge regression over all histories.";
    /// <inheritdoc />
    public int FormatVersion => 1;
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("tau", "decay of a movie's weight, in movies of the history", 0.2, 50, 4, "best of a grid on MovieLens 1M by the second-last movie"),
        new("ridge", "penalty on the squared weights", 1e-3, 1e9, 200, "best of a grid on MovieLens 1M by the second-last movie"),
    ];

    /// <inheritdoc />
    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        if (data.Count == 0)
            throw new InvalidDataException("The snapshot is empty: there is no history to learn from.");
        run.Report("histories", 0);
        var histories = Histories.Of(data);
        var decay = DecayedHistory.Weights(options["tau"]);
        var w = RidgeRegression.Solve(histories, data.Movies.Count, decay, options["ridge"], run);
        run.Report("done", 1);
        return new Artifact(Name, FormatVersion)
            .Add("movies", data.Movies.Ids)
            .Add(PopularityCounts.SectionName, (ReadOnlySpan<int>)PopularityCounts.Count(histories, data.Movies.Count))
            .Add("decay", (ReadOnlySpan<float>)decay)
            .Add("w", w);
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => new LinearAutoregressionScorer(files);
}
