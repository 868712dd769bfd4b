using Recs.Training.Artifacts;
using Recs.Training.Factors;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Als;

/// <summary>
/// Factors of people and movies whose products are near 1 where a person has seen a movie and near 0 elsewhere, being seen counting 1 + alpha times: alternating
/// least squares for implicit feedback (Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", 2008), each half-step by a few steps of
/// conjugate gradient (Takacs, Pilaszy and Tikk, 2011). Only the movies' factors are kept; a person's are solved from the history by the same regression.
/// </summary>
public sealed class AlsRecommender : IRecommender
{
    private const ulong MovieFactors = 1;
    private const float StartingScale = 0.1f;

    /// <inheritdoc />
    public string Name => "als";
    /// <inheritdoc />
    public string Summary => "Factors of movies by alternating least squares on who has seen what; a person's factors are solved from the history.";
    /// <inheritdoc />
    public IReadOnlyList<string> Limits => ["Takes every movie that was seen for liked, whatever the rating."];
    /// <inheritdoc />
    public int FormatVersion => 1;
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("factors", "numbers that describe a movie", 1, SmallSystem<PlainLanes>.Largest, 64, "the size that published runs are compared at", Whole: true),
        new("iterations", "rounds, each improving all people and then all movies", 1, 1_000, 15, "Hu, Koren and Volinsky, 2008: converges within 10 to 20", Whole: true),
        new("steps", "steps of conjugate gradient for each person and movie in a round", 1, 100, 3, "Takacs, Pilaszy and Tikk, 2011", Whole: true),
        new("alpha", "how much more a movie that was seen counts than one that was not", 1e-3, 1e6, 2, OptionDescription.BestOfGrid),
        new("regularization", "penalty on the squared factors", 1e-3, 1e9, 1, OptionDescription.BestOfGrid),
        .. HistoryWeights.Options(tau: 3, floor: 0.01, OptionDescription.BestOfGrid),
    ];

    /// <inheritdoc />
    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        if (data.Count == 0)
            throw new InvalidDataException("The snapshot is empty: there is no history to learn from.");
        run.Report("histories", 0);
        var histories = Histories.Of(data);
        var people = SparseRows.Of(histories);
        var movies = people.Transposed(data.Movies.Count);
        var factors = (int)options["factors"];
        var problem = new AlsProblem(Matrix.StrideFor(factors), (float)options["alpha"], (float)options["regularization"], (int)options["steps"]);
        var y = StartingFactors.Draw(movies.Count, factors, StartingScale, new(seed, MovieFactors));
        var x = new float[(long)people.Count * problem.Width];
        Iterations.Run(run, "alternate", (int)options["iterations"], [x, y], _ =>
        {
            HalfStep.Run(run, people, x, y, problem);
            return HalfStep.Run(run, movies, y, x, problem);
        });
        var rule = new FoldInRule(HalfStep.RegularizedGram(run, y, problem, out _), problem.Alpha, 1 + problem.Alpha);
        return new Artifact(Name, FormatVersion).Add("movies", data.Movies.Ids).AddColdStart(data, histories).AddFactors(y, rule, HistoryWeights.Of(options));
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => new FactorScorer(files);
}
