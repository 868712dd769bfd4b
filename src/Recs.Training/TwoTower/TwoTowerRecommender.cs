using Recs.Training.Artifacts;
using Recs.Training.Features;
using Recs.Training.Fitting;
using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.People;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.TwoTower;

/// <summary>
/// Two towers, one of people and one of movies, each of which makes a vector of what is known; a movie scores the product of both (Covington, Adams and Sargin, "Deep Neural
/// Networks for YouTube Recommendations", 2016; Yi et al., "Sampling-Bias-Corrected Neural Modeling for Large Corpus Item Recommendations", 2019, here with the whole catalogue in the
/// softmax and no sample to correct for). The person's tower knows history and demographics; the movie's knows genres, year and title besides a row of its own, which is left aside at random
/// while it learns (Volkovs, Yu and Poutanen, "DropoutNet", 2017), so that a movie without a single rating has a vector as well.
/// </summary>
public sealed class TwoTowerRecommender : IRecommender
{
    private const ulong OwnPurpose = 4; // the others are those of CutLearning

    /// <inheritdoc />
    public string Name => "two-tower";
    /// <inheritdoc />
    public string Summary => "Vectors of people from history and demographics, vectors of movies from genres, year, title and their own row: movies without a rating can be recommended.";
    /// <inheritdoc />
    public IReadOnlyList<string> Limits => ["Takes every movie that was seen for liked, whatever the rating."];
    /// <inheritdoc />
    public int FormatVersion => 2;
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("factors", "numbers that describe a movie", 16, 512, 64, "as many as als and sasrec", Whole: true) { Search = new(32, 128) },
        new("drop-own", "how often a movie has to do without its own row in training", 0, 0.9, 0.1, "seldom, so that movies with ratings keep what is their own; not tuned") { Search = new(0, 0.5) },
        new("words", "titles that a word must be in to count", 2, 1_000_000, 3, "a word of one title says nothing of another", Whole: true) { Search = new(2, 20) },
        .. CutLearning.Options(tau: 0.7, epochs: 12),
    ];

    /// <inheritdoc />
    public double RelativeCost => 50;

    /// <inheritdoc />
    public long MemoryBeyondOptions(InteractionSet data, OptionValues options) => CutLearning.Memory(data, options, perMovie: options["factors"]);

    /// <inheritdoc />
    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        if (data.Count == 0)
            throw new InvalidDataException("The snapshot is empty: there is no history to learn from.");
        run.Report("histories", 0);
        var histories = Histories.Of(data);
        var seen = SeenMovies.Of(data, histories);
        var features = MovieFeatures.Of([.. seen.Seen], (int)options["words"]);
        var groups = CutLearning.GroupsOf(data, histories);
        var recency = new RecencyBags(options["tau"], (int)options["means"]);
        var sizes = new TwoTowerSizes(
            seen.Count, features.Rows, groups.Rows, recency.Count, Matrix.StrideFor((int)options["factors"]), Matrix.StrideFor((int)options["hidden"]));
        var network = new TwoTowerNetwork(sizes);
        var parameters = CutLearning.Start(network.Layout, seed);
        var learner = new TwoTowerLearner(
            network, [.. Enumerable.Range(0, GradientDescent.Parts).Select(_ => (new CutPart(recency, groups), seen.SeenRows(features)))],
            new(new(seed, OwnPurpose), options["drop-own"]), CutLearning.HiddenDropped(options, seed));
        var model = new TwoTowerModel(sizes, parameters, options["tau"], features, groups, seen.AllRows(features));
        var curve = CutLearning.Run(
            run, learner, parameters, new(histories, data.Demographics, seen.Row, (int)options["cuts"], seed), options, seed, isa => new TwoTowerReader(isa, model, MovieVectors.Of(isa, model, model.Rows)), data.Movies.Count);
        var artifact = new Artifact(Name, FormatVersion).Add("movies", data.Movies.Ids).AddColdStart(data, histories);
        curve.AddTo(artifact);
        return model.AddTo(artifact);
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => TwoTowerScorer.Read(files);
}
