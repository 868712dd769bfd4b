using System.Runtime.InteropServices;
using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Neural;
using Recs.Training.Numerics;
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

    /// <inheritdoc />
    public string Name => "sasrec";
    /// <inheritdoc />
    public string Summary => "Predicts the next movie from the sequence of the last ones, by a transformer.";
    /// <inheritdoc />
    public IReadOnlyList<string> Limits =>
    [
        "Knows only the last movies of a history (option window).",
        "Learns to tell the next movie from those that the person has not seen; its scores of seen ones mean nothing.",
        "A movie that nobody had when the model was fitted scores as it began, at random.",
    ];
    /// <inheritdoc />
    public int FormatVersion => 1;
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("width", "numbers that describe a movie, in units of 16", 1, 32, 4, OptionDescription.BestOfGrid, Whole: true) { Search = new(2, 8) },
        new("blocks", "layers of attention and mixing", 1, 8, 2, OptionDescription.BestOfGrid, Whole: true) { Search = new(1, 3) },
        new("heads", "heads of each attention; must divide width", 1, 32, 1, OptionDescription.BestOfGrid, Whole: true) { IsTuned = false },
        new("mixing", "size of a block's mixing, in units of its width", 1, 8, 4, OptionDescription.BestOfGrid, Whole: true) { IsTuned = false },
        new("window", "movies of a history that are looked at, at most", 2, 1_000, 200, "most histories of MovieLens 1M are shorter", Whole: true) { IsTuned = false },
        new("epochs", "times that every history is learned from", 1, 1_000, 10, OptionDescription.BestOfGrid, Whole: true) { IsTuned = false },
        new("batch", "movies per step", 1, 1_000_000, 3_200, OptionDescription.BestOfGrid, Whole: true) { Search = new(800, 12_800) },
        new("rate", "size of a step at its greatest", 1e-6, 1, 3e-3, OptionDescription.BestOfGrid) { Search = new(3e-4, 1e-2) },
        new("decay", "share of each number, times the rate, that is taken off at every step", 0, 10, 0, OptionDescription.BestOfGrid) { Search = new(0, 0.1) },
        new("dropout", "share of the numbers that are dropped at random while learning", 0, 0.95, 0.2, OptionDescription.BestOfGrid) { Search = new(0.05, 0.5) },
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
        var shape = SasRecShape.Of(options, data.Movies.Count);
        var network = new SasRecNetwork(shape);
        var parameters = network.Layout.Draw(new(seed, FirstNumbers));
        var curve = Learn(network, histories, parameters, options, seed, run);
        var artifact = new Artifact(Name, FormatVersion).Add("movies", data.Movies.Ids).AddColdStart(data, histories);
        shape.AddTo(artifact);
        curve.AddTo(artifact);
        return artifact.Add(SasRecShape.Parameters, (ReadOnlySpan<float>)parameters);
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => new SasRecScorer(files);

    private static LearningCurve Learn(SasRecNetwork network, Histories histories, float[] parameters, OptionValues options, ulong seed, FitRun run)
    {
        var people = AnonymousOrder.Of(histories).Where(user => histories.Of(user).Length > 1).ToArray();
        var kept = new KeptBack(histories, people);
        var batch = (int)options["batch"];
        var dropout = new DropoutRule(new(seed, Dropped), options["dropout"]);
        var fit = new NetworkFit(
            Phase, parameters, network.Shape.Movies, kept,
            epoch => new WindowEpoch(network, histories, people, kept, batch, dropout, new(seed, Order + ((ulong)epoch << 8)), epoch), isa => Reader(isa, network, parameters));
        return fit.Run(run, options);
    }

    private static unsafe MomentReader Reader(Isa isa, SasRecNetwork network, float[] pinned) => new(isa, network, pinned, (float*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0));
}
