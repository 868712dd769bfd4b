using System.Runtime.InteropServices;
using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Vae;

/// <summary>
/// Reads a person into the distribution of a short code and tells from a code of it what the person sees next (Liang, Krishnan, Hoffman and Jebara, "Variational Autoencoders for
/// Collaborative Filtering", 2018), with genres, gender, age and occupation as further inputs. The paper's network says again what it read; this one is taught to tell the next movie from
/// a history that is weighted by recency (<see cref="HistoryScales"/>), which finds more than twice as many last movies. Nobody's code is kept: it is read anew at every request.
/// </summary>
public sealed class VaeRecommender : IRecommender
{
    private const string Phase = "encode";
    private const ulong FirstNumbers = 1;

    /// <inheritdoc />
    public string Name => "vae";
    /// <inheritdoc />
    public string Summary => "Predicts the next movie from a code of the history, its genres and the person's gender, age and occupation, by a variational autoencoder.";
    /// <inheritdoc />
    public IReadOnlyList<string> Limits =>
    [
        "Takes every movie that was seen for liked, whatever the rating.",
        "Learns to tell the next movie from those that the person has not seen; its scores of seen ones mean nothing.",
        "A movie that nobody had when the model was fitted scores as it began, at random.",
        "Age, gender and occupation alone, without a history, are answered by what is popular in those groups, not by the network.",
    ];
    /// <inheritdoc />
    public int FormatVersion => 2;
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("width", "numbers of a code, and that describe a movie, in units of 16", 1, 32, 4, "as many as als and sasrec", Whole: true) { Search = new(2, 12) },
        new("hidden", "numbers of the hidden layer, in units of 16", 1, 64, 8, "a customary value", Whole: true) { Search = new(4, 16) },
        new("scales", "bags that a history is read as: the first ones decay, each four times as slowly as the one before, the last one does not", 1, 8, 4, OptionDescription.BestOfGrid, Whole: true) { Search = new(1, 5) },
        new("tau", "decay of the first bag, in movies of the history: the weight is exp(-age / tau)", 0.2, 1_000, 1, "with four bags, the last movie alone to the last fifty") { Search = new(0.5, 8) },
        new("genres", "1 to read the shares of the genres in the history, 0 not to", 0, 1, 1, "no difference beyond chance on MovieLens 1M, judged by the second-last movie; for data with fewer ratings", Whole: true) { IsTuned = false },
        new("demographics", "1 to read gender, age and occupation, 0 not to", 0, 1, 1, "no difference beyond chance on MovieLens 1M, judged by the second-last movie; for short histories", Whole: true) { IsTuned = false },
        new("forget", "share of the rows that are learned as if nothing but the history were known of the person", 0, 1, 0.2, "so that people of whom nothing is known are read well") { IsTuned = false },
        new("next", "1 to tell what comes next at moments of a history, 0 to say again the whole history, as in the paper", 0, 1, 1, OptionDescription.BestOfGrid, Whole: true) { IsTuned = false },
        new("horizon", "decay of what comes next, in movies: the movie after the next one weighs exp(-1 / horizon) as much; 0 to tell the next one alone", 0, 100, 0, "what lists are judged by") { Search = new(0, 8) },
        new("block", "places of a history of which an epoch learns from one", 1, 1_000, 8, "short epochs, so that a checkpoint comes every few seconds", Whole: true) { IsTuned = false },
        new("epochs", "rounds; after as many as a block has places each place was learned from once", 1, 10_000, 24, OptionDescription.BestOfGrid, Whole: true) { IsTuned = false },
        new("batch", "rows per step", 1, 100_000, 512, OptionDescription.BestOfGrid, Whole: true) { Search = new(256, 2_048) },
        new("rate", "size of a step at its greatest", 1e-6, 1, 0.01, "a customary value for batches of this size") { Search = new(1e-3, 0.03) },
        new("decay", "share of each number, times the rate, that is taken off at every step", 0, 10, 0, "none, as Liang et al., 2018") { Search = new(0, 0.1) },
        new("dropout", "share of the hidden layer that is dropped at random while learning", 0, 0.95, 0.1, "a customary value") { Search = new(0, 0.5) },
        new("hide", "share of the movies of a history that are hidden at random while learning", 0, 0.95, 0, "only a network that says again what it read needs it: there Liang et al., 2018, hide half") { Search = new(0, 0.5) },
        new("kl", "what a unit of divergence of the code costs", 0, 10, 3e-4, OptionDescription.BestOfGrid) { Search = new(1e-5, 1e-2) },
        new("anneal", "share of the training over which that cost rises from 0", 0, 1, 0.2, "Liang et al., 2018: rises over the first steps, then stays at its cap") { IsTuned = false },
    ];

    /// <inheritdoc />
    public double RelativeCost => 50;

    /// <inheritdoc />
    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        if (data.Count == 0)
            throw new InvalidDataException("The snapshot is empty: there is no history to learn from.");
        run.Report("histories", 0);
        var histories = Histories.Of(data);
        var people = AnonymousOrder.Of(histories);
        var reading = new PersonReading(
            HistoryScales.Of(options), new(data.Genres), PersonGroups.Of([.. people.Select(user => data.Demographics[user])]), Known(histories, data.Movies.Count));
        var shape = VaeShape.Of(options, data.Movies.Count, reading.Genres.Count, reading.Groups.Count);
        var network = new VaeNetwork(shape);
        var parameters = network.Layout.Draw(new(seed, FirstNumbers));
        var kept = new KeptBack(histories, [.. people.Where(user => histories.Of(user).Length > 1)], data.Demographics);
        var (lesson, epochs) = (new VaeLesson(data, histories, kept, options, seed), (int)options["epochs"]);
        var fit = new NetworkFit(
            Phase, parameters, shape.Movies, kept, epoch => new VaeEpoch(network, reading, lesson, epoch, epochs), isa => Reader(isa, network, reading, parameters));
        var curve = fit.Run(run, options);
        var artifact = new Artifact(Name, FormatVersion).Add("movies", data.Movies.Ids).AddColdStart(data, histories);
        shape.AddTo(artifact);
        reading.AddTo(artifact);
        curve.AddTo(artifact);
        return artifact.Add(VaeShape.Parameters, (ReadOnlySpan<float>)parameters);
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => new VaeScorer(files);

    private static unsafe VaeReader Reader(Isa isa, VaeNetwork network, PersonReading reading, float[] pinned)
        => new(isa, network, reading, pinned, (float*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0));

    private static bool[] Known(Histories histories, int movies)
    {
        var known = new bool[movies];
        foreach (var movie in histories.All)
            known[movie] = true;
        return known;
    }
}
