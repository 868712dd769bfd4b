using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Ease;

/// <summary>
/// Predicts which movies belong to a history from the other movies in it, by the linear model with the least squared error whose diagonal is zero (Steck,
/// "Embarrassingly Shallow Autoencoders for Sparse Data", 2019): with X the people by movies, P = (X'X + ridge I)^-1 and B = I - P diag(1 / P's diagonal).
/// The fit knows no order; the score weighs the recent movies of the history more (<see cref="HistoryWeights"/>).
/// </summary>
public sealed class EaseRecommender : IRecommender
{
    /// <inheritdoc />
    public string Name => "ease";
    /// <inheritdoc />
    public string Summary => "Predicts a history from its other movies by the best linear model without a diagonal, in closed form.";
    /// <inheritdoc />
    public IReadOnlyList<string> Limits =>
    [
        "Takes every movie that was seen for liked, whatever the rating.",
        "Only the most popular movies are modelled (option movies), since time grows with the cube of their number; the others score 0.",
    ];
    /// <inheritdoc />
    public int FormatVersion => 1;
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("ridge", "penalty on the squared weights", 1e-3, 1e9, 500, OptionDescription.BestOfGrid),
        .. HistoryWeights.Options(tau: 4, floor: 0.04, OptionDescription.BestOfGrid),
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
        run.Report("gram", 0.05);
        using var p = Gram(new(histories, ModelledMovies.Rows(modelled, data.Movies.Count), modelled.Length), options["ridge"], run);
        SymmetricInverse.Invert(run.Compute, p, done => run.Report("invert", 0.2 + (0.75 * done)));
        run.Report("weights", 0.95);
        var b = EaseWeights.Of(p, run);
        var artifact = new Artifact(Name, FormatVersion)
            .Add("movies", data.Movies.Ids)
            .AddColdStart(data, histories)
            .Add("modelled", (ReadOnlySpan<int>)modelled)
            .Add("w", b);
        HistoryWeights.Of(options).AddTo(artifact);
        run.Report("done", 1);
        return artifact;
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => new LinearScorer(files, HistoryWeights.Read(files));

    /// <summary>The upper triangle of X'X + ridge I. The counts are exact in single precision up to 2^24 people.</summary>
    private static Matrix Gram(CoOccurrences pairs, double ridge, FitRun run)
    {
        const int rowsAtATime = 16;
        var gram = new Matrix(pairs.Rows, pairs.Rows);
        Workers.Run(run.Compute.Threads, (pairs.Rows + rowsAtATime - 1) / rowsAtATime, job =>
        {
            run.Cancel.ThrowIfCancellationRequested();
            var counts = new int[pairs.Rows];
            for (var row = job * rowsAtATime; row < Math.Min((job + 1) * rowsAtATime, pairs.Rows); row++)
            {
                pairs.CountUpper(row, counts);
                var target = gram.Row(row);
                for (var column = row; column < target.Length; column++)
                    target[column] = counts[column];
                target[row] = (float)(counts[row] + ridge);
            }
        });
        return gram;
    }
}
