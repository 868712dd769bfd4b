using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
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
    public IReadOnlyList<string> Limits =>
    [
        "Knows only the last movies of a history (five times tau), and takes each for liked, whatever the rating.",
        "Only the most popular movies are modelled (option movies), since time grows with the cube of their number; the others score 0.",
    ];
    /// <inheritdoc />
    public int FormatVersion => 1;
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("tau", "decay of a movie's weight, in movies of the history", 0.2, 50, 4, OptionDescription.BestOfGrid),
        new("ridge", "penalty on the squared weights", 1e-3, 1e9, 200, OptionDescription.BestOfGrid),
        ModelledMovies.Option,
    ];

    /// <inheritdoc />
    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        if (data.Count == 0)
            throw new InvalidDataException("The snapshot is empty: there is no history to learn from.");
        run.Report("histories", 0);
        var histories = Histories.Of(data);
        var modelled = ModelledMovies.Choose(PopularityCounts.Count(histories, data.Movies.Count), (int)options["movies"]);
        var decay = DecayedHistory.Weights(options["tau"]);
        var w = Solve(new(histories, ModelledMovies.Rows(modelled, data.Movies.Count), modelled.Length, decay), options["ridge"], run);
        run.Report("done", 1);
        return new Artifact(Name, FormatVersion)
            .Add("movies", data.Movies.Ids)
            .AddColdStart(data, histories)
            .Add("modelled", (ReadOnlySpan<int>)modelled)
            .Add("decay", (ReadOnlySpan<float>)decay)
            .Add("w", w);
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => new LinearScorer(files, new HistoryWeights(files.Section<float>("decay").ToArray(), beyond: 0));

    private static Matrix Solve(PrefixRegression regression, double ridge, FitRun run)
    {
        run.Report("gram", 0.05);
        using var gram = regression.Gram(ridge, run);
        run.Report("factor", 0.15);
        Cholesky.Factor(run.Compute, gram, done => run.Report("factor", 0.15 + (0.15 * done)));
        var w = regression.Targets(run);
        try
        {
            TriangularSolve.Solve(run.Compute, gram, w, done => run.Report("solve", 0.3 + (0.7 * done)));
            return w;
        }
        catch
        {
            w.Dispose();
            throw;
        }
    }
}
