using Recs.Training.Artifacts;
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
    private const ulong StartPurpose = 1, OwnPurpose = 2, HiddenPurpose = 3, KnownPurpose = 4;
    private const double WarmShare = 0.05; // of the steps, in which the rate grows to its greatest

    /// <inheritdoc />
    public string Name => "two-tower";
    /// <inheritdoc />
    public string Summary => "Vectors of people from history and demographics, vectors of movies from genres, year, title and their own row: movies without a rating can be recommended.";
    /// <inheritdoc />
    public IReadOnlyList<string> Limits => ["Takes every movie that was seen for liked, whatever the rating."];
    /// <inheritdoc />
    public int FormatVersion => 1;
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("factors", "numbers that describe a movie", 16, 512, 64, OptionDescription.BestOfGrid, Whole: true) { Search = new(32, 128) },
        new("hidden", "numbers of the person's hidden layer", 16, 1_024, 256, OptionDescription.BestOfGrid, Whole: true) { Search = new(64, 512) },
        new("iterations", "epochs, each with new cuts of every history", 1, 1_000, 15, "fits in a minute on two cores", Whole: true) { IsTuned = false },
        new("cuts", "cuts of each history in an epoch", 1, 1_000, 20, "fits in a minute on two cores", Whole: true) { IsTuned = false },
        new("batch", "cuts per step", 16, 65_536, 512, OptionDescription.BestOfGrid, Whole: true) { Search = new(128, 2_048) },
        new("rate", "greatest rate of the steps", 1e-5, 1, 0.003, OptionDescription.BestOfGrid) { Search = new(5e-4, 1e-2) },
        new("decay", "decay of the parameters, as a share of the rate", 0, 10, 0, OptionDescription.BestOfGrid) { Search = new(0, 0.1) },
        new("tau", "decay of the quickest of the means of a history, in movies; each further one is four times as slow", 0.2, 100, 0.7, OptionDescription.BestOfGrid) { Search = new(0.3, 3) },
        new("means", "means of a history", 1, 6, 4, OptionDescription.BestOfGrid, Whole: true) { Search = new(2, 4) },
        new("drop-own", "how often a movie has to do without its own row in training", 0, 0.9, 0.1, OptionDescription.BestOfGrid) { Search = new(0, 0.5) },
        new("drop-hidden", "share of the person's hidden layer that is dropped in training", 0, 0.9, 0.2, OptionDescription.BestOfGrid) { Search = new(0, 0.5) },
        new("drop-known", "how often gender, age or occupation is hidden in training", 0, 1, 0.2, OptionDescription.BestOfGrid) { Search = new(0.1, 0.9) },
        new("words", "titles that a word must be in to count", 2, 1_000_000, 3, OptionDescription.BestOfGrid, Whole: true) { Search = new(2, 20) },
    ];

    /// <inheritdoc />
    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        if (data.Count == 0)
            throw new InvalidDataException("The snapshot is empty: there is no history to learn from.");
        run.Report("histories", 0);
        var histories = Histories.Of(data);
        var seen = SeenMovies.Of(data, histories);
        var features = MovieFeatures.Of([.. seen.Seen], (int)options["words"]);
        var groups = KnownGroups.Of([.. Enumerable.Range(0, histories.Users).Where(user => !histories.Of(user).IsEmpty).Select(user => data.Demographics[user])]);
        var recency = new RecencyBags(options["tau"], (int)options["means"]);
        var sizes = new TwoTowerSizes(
            seen.Count, features.Rows, groups.Rows, recency.Count, Matrix.StrideFor((int)options["factors"]), Matrix.StrideFor((int)options["hidden"]));
        var network = new TwoTowerNetwork(sizes);
        var parameters = network.Layout.Draw(new(seed, StartPurpose));
        Learn(network, parameters, new HistoryCuts(histories, data.Demographics, seen.Row, (int)options["cuts"], seed),
            () => new(new(recency, groups), seen.SeenRows(features)), options, seed, run);
        var artifact = new Artifact(Name, FormatVersion).Add("movies", data.Movies.Ids).AddColdStart(data, histories);
        return new TwoTowerModel(sizes, parameters, options["tau"], features, groups, seen.AllRows(features)).AddTo(artifact);
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => TwoTowerScorer.Read(files);

    private static void Learn(
        TwoTowerNetwork network, float[] parameters, HistoryCuts cuts, Func<TwoTowerPart> part, OptionValues options, ulong seed, FitRun run)
    {
        var teaching = new TwoTowerTeaching(
            (int)options["batch"], new(new(seed, OwnPurpose), options["drop-own"]), new(new(seed, HiddenPurpose), options["drop-hidden"]), new(new(seed, KnownPurpose), options["drop-known"]));
        TwoTowerPart[] parts = [.. Enumerable.Range(0, GradientDescent.Parts).Select(_ => part())];
        using var descent = new GradientDescent(parameters, new(options["rate"], options["decay"]));
        var epochs = cuts.PerEpoch == 0 ? 0 : (int)options["iterations"];
        var perEpoch = (cuts.PerEpoch + teaching.Rows - 1) / teaching.Rows;
        var share = RateSchedule.Of((long)epochs * perEpoch, WarmShare);
        Iterations.Run(run, "learn", epochs, descent.State, epoch =>
            descent.Run(run, new TwoTowerEpoch(network, cuts, cuts.Of(epoch), (long)epoch * perEpoch, parts, teaching), (long)epoch * perEpoch, share));
    }
}
