using Recs.Training.Artifacts;
using Recs.Training.Features;
using Recs.Training.Fitting;
using Recs.Training.Neural;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.SasRec;

/// <summary>
/// Predicts a person's next movie from the whole sequence of the last ones by causal self-attention (Kang and McAuley, "Self-Attentive Sequential Recommendation", 2018), learned with the
/// softmax over the whole catalogue at every place of every history (Klenitskiy and Vasilev, "Turning Dross Into Gold Loss", 2023, found that this makes the difference), the movies that the person has seen left out of it.
/// </summary>
public sealed class SasRecRecommender : IRecommender
{
    private const string Phase = "attend";
    private const ulong FirstNumbers = 1;
    private const ulong Order = 2;
    private const ulong Dropped = 3;
    private const ulong OwnDropped = 4;

    /// <inheritdoc />
    public string Name => "sasrec";
    /// <inheritdoc />
    public string Summary => "Predicts the next movie from the sequence of the last ones, by a transformer.";
    /// <inheritdoc />
    public IReadOnlyList<string> Limits =>
    [
        "Knows only the last movies of a history (option window).",
        "Learns to tell the next movie from those that the person has not seen; its scores of seen ones mean nothing.",
        "Takes every movie that was seen for liked, whatever the rating: reading the ratings made it no better.",
        "A movie that nobody had when the model was fitted is told by its genres, its year and the words of its title alone.",
    ];
    /// <inheritdoc />
    public int FormatVersion => 2;
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("width", "numbers that describe a movie, in units of 16", 1, 32, 8, OptionDescription.BestOfGrid, Whole: true) { Search = new(2, 12) },
        new("blocks", "layers of attention and mixing", 1, 8, 2, "Kang and McAuley, 2018; three were not tried", Whole: true) { Search = new(1, 3) },
        new("heads", "heads of each attention; must divide width", 1, 32, 2, OptionDescription.BestOfGrid, Whole: true) { IsTuned = false },
        new("mixing", "size of a block's mixing, in units of its width", 1, 8, 4, OptionDescription.BestOfGrid, Whole: true) { IsTuned = false },
        new("window", "movies of a history that are looked at, at most", 2, 1_000, 200, "most histories of MovieLens 1M are shorter", Whole: true) { IsTuned = false },
        new("drop-own", "how often a movie has to do without its own row in training, so that its features learn to stand for it", 0, 0.9, 0.05, "costs nothing, and movies without a rating can be recommended") { IsTuned = false },
        new("words", "titles that a word must be in to describe a movie", 2, 1_000_000, 2, "a word of one title says nothing of another", Whole: true) { IsTuned = false },
        new("epochs", "times that every history is learned from", 1, 1_000, 16, OptionDescription.BestOfGrid, Whole: true) { IsTuned = false },
        new("batch", "movies per step", 1, 1_000_000, 3_200, "sixteen whole windows", Whole: true) { Search = new(800, 12_800) },
        new("rate", "size of a step at its greatest", 1e-6, 1, 3e-3, OptionDescription.BestOfGrid) { Search = new(3e-4, 1e-2) },
        new("decay", "share of each number, times the rate, that is taken off at every step", 0, 10, 0, "none") { Search = new(0, 0.1) },
        new("dropout", "share of the numbers that are dropped at random while learning", 0, 0.95, 0.1, OptionDescription.BestOfGrid) { Search = new(0.05, 0.5) },
    ];

    /// <inheritdoc />
    public double RelativeCost => 500;

    /// <inheritdoc />
    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        if (data.Count == 0)
            throw new InvalidDataException("The snapshot is empty: there is no history to learn from.");
        run.Report("histories", 0);
        var histories = Histories.Of(data);
        var seen = SeenMovies.Of(data, histories);
        var features = MovieFeatures.Of([.. seen.Seen], (int)options["words"]);
        var network = new SasRecNetwork(SasRecShape.Of(options, seen.Count, features.Rows));
        var model = new SasRecModel(network.Shape, network.Layout.Draw(new(seed, FirstNumbers)), features, seen.AllRows(features));
        var curve = Learn(SasRecLesson.Of(histories, seen, features), model, options, seed, run);
        var artifact = new Artifact(Name, FormatVersion).Add("movies", data.Movies.Ids).AddColdStart(data, histories);
        curve.AddTo(artifact);
        return model.AddTo(artifact);
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => SasRecScorer.Read(files);

    private static LearningCurve Learn(SasRecLesson lesson, SasRecModel model, OptionValues options, ulong seed, FitRun run)
    {
        var batch = (int)options["batch"];
        var dropped = new SasRecDropout(new(new(seed, Dropped), options["dropout"]), new(new(seed, OwnDropped), options["drop-own"]));
        var fit = new NetworkFit(
            Phase, model.Parameters, model.Rows.Count, lesson.Kept,
            epoch => new WindowEpoch(model.Network, lesson, batch, dropped, new(seed, Order + ((ulong)epoch << 8)), epoch),
            isa => new MomentReader(isa, model, model.Describe(isa, model.Rows)));
        return fit.Run(run, options);
    }
}
