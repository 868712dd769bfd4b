using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.People;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.NeuralCf;

/// <summary>
/// Neural collaborative filtering: a generalised matrix factorisation and a perceptron, each over the numbers of a person and a movie, added up to one score (He et al., "Neural
/// Collaborative Filtering", 2017). Two things differ. A person has no numbers of their own: they are made of the history, so that everybody is folded in and nobody is in the artifact.
/// And it learns by a softmax over the whole catalogue in place of a logistic loss over sampled movies.
/// </summary>
public sealed class NeuralCfRecommender : IRecommender
{
    /// <inheritdoc />
    public string Name => "neural-cf";
    /// <inheritdoc />
    public string Summary => "Factors and a perceptron over person and movie, added up (NeuMF); a person's numbers are made of the history.";
    /// <inheritdoc />
    public IReadOnlyList<string> Limits => ["Takes every movie that was seen for liked, whatever the rating.", "Knows no movie that nobody had seen when it was fitted."];
    /// <inheritdoc />
    public int FormatVersion => 2;
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("factors", "numbers that describe a movie", 16, 512, 64, "as many as als and sasrec", Whole: true) { Search = new(32, 128) },
        new("units", "units of the perceptron over person and movie", 16, 256, 16, "each takes the time of eight factors", Whole: true) { Search = new(16, 64) },
        .. CutLearning.Options(tau: 0.7, epochs: 15),
    ];

    /// <inheritdoc />
    public double RelativeCost => 40;

    /// <inheritdoc />
    public long MemoryBeyondOptions(InteractionSet data, OptionValues options) => CutLearning.Memory(data, options, perMovie: (2 * options["factors"]) + options["units"]);

    /// <inheritdoc />
    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        if (data.Count == 0)
            throw new InvalidDataException("The snapshot is empty: there is no history to learn from.");
        run.Report("histories", 0);
        var histories = Histories.Of(data);
        var groups = CutLearning.GroupsOf(data, histories);
        var recency = new RecencyBags(options["tau"], (int)options["means"]);
        var sizes = new NeuralCfSizes(
            data.Movies.Count, groups.Rows, recency.Count, Matrix.StrideFor((int)options["factors"]), Matrix.StrideFor((int)options["hidden"]), Matrix.StrideFor((int)options["units"]));
        var network = new NeuralCfNetwork(sizes);
        var parameters = CutLearning.Start(network.Layout, seed);
        BeginWithPopularity(parameters.AsSpan(network.Offered.Bias.Offset, data.Movies.Count), PopularityCounts.Count(histories, data.Movies.Count));
        var learner = new NeuralCfLearner(
            network, [.. Enumerable.Range(0, GradientDescent.Parts).Select(_ => new CutPart(recency, groups))], CutLearning.HiddenDropped(options, seed));
        int[] row = [.. Enumerable.Range(0, data.Movies.Count)];
        var model = new NeuralCfModel(sizes, parameters, options["tau"], groups);
        var curve = CutLearning.Run(
            run, learner, parameters, new(histories, data.Demographics, row, (int)options["cuts"], seed), options, seed, isa => new NeuralCfReader(isa, model), data.Movies.Count);
        var artifact = new Artifact(Name, FormatVersion).Add("movies", data.Movies.Ids).AddColdStart(data, histories);
        curve.AddTo(artifact);
        return model.AddTo(artifact);
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => NeuralCfScorer.Read(files);

    /// <summary>Begins where a model without any taste would end: with a bias, the logarithm of the popularity, which steps of one size take epochs to reach.</summary>
    private static void BeginWithPopularity(Span<float> bias, ReadOnlySpan<int> popularity)
    {
        var mean = popularity.ToArray().Average();
        for (var movie = 0; movie < bias.Length; movie++)
            bias[movie] = (float)DeterministicMath.Log((popularity[movie] + 1) / (mean + 1));
    }
}
