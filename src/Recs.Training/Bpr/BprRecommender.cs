using Recs.Training.Artifacts;
using Recs.Training.Factors;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Bpr;

/// <summary>
/// Factors of people and movies whose products order what a person has seen before what they have not, learned from drawn pairs (Rendle, Freudenthaler, Gantner and
/// Schmidt-Thieme, "BPR: Bayesian Personalized Ranking from Implicit Feedback", 2009). Only the movies' factors are kept. A person's are a ridge regression on them, near
/// 1 for the movies of the history and 0 for all others: it has one solution, needs no draws, and is explained term by term.
/// </summary>
public sealed class BprRecommender : IRecommender
{
    private const ulong MovieFactors = 1;
    private const ulong PersonFactors = 2;
    private const ulong FirstRound = 16; // two purposes per round from here on: dealing and drawing

    /// <inheritdoc />
    public string Name => "bpr";
    /// <inheritdoc />
    public string Summary => "Factors of movies learned from pairs of a movie that a person has seen and one that they have not.";
    /// <inheritdoc />
    public IReadOnlyList<string> Limits => ["Takes every movie that was seen for liked, whatever the rating."];
    /// <inheritdoc />
    public int FormatVersion => 2; // 1: all people of a block at once, however many
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("factors", "numbers that describe a movie", 1, SmallSystem<PlainLanes>.Largest, 64, "as many as als", Whole: true) { Search = new(16, 128) },
        new("iterations", "rounds, each of as many pairs as movies were seen", 1, 10_000, 40, OptionDescription.BestOfGrid, Whole: true) { Search = new(10, 100) },
        new("rate", "learning rate of the first round; it falls evenly to 0", 1e-6, 10, 0.1, OptionDescription.BestOfGrid),
        new("regularization", "penalty on the squared factors in each step", 0, 10, 1e-4, OptionDescription.BestOfGrid) { Search = new(1e-5, 0.1) },
        new("alpha", "when a person is folded in: how much more a movie that was seen counts than one that was not", 0, 1e6, 10, OptionDescription.BestOfGrid) { Search = new(0.1, 100) },
        new("ridge", "when a person is folded in: penalty on their squared factors, in means of the diagonal of Y'Y, since the scale of Y is the fit's own", 1e-6, 1e6, 2, OptionDescription.BestOfGrid),
        .. HistoryWeights.Options(tau: 3, floor: 0.01, OptionDescription.BestOfGrid),
    ];

    /// <inheritdoc />
    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        if (data.Count == 0)
            throw new InvalidDataException("The snapshot is empty: there is no history to learn from.");
        run.Report("histories", 0);
        var histories = Histories.Of(data);
        var factors = (int)options["factors"];
        var width = Matrix.StrideFor(factors);
        var x = StartingFactors.Draw(histories.Users, factors, 1f / factors, new(seed, PersonFactors));
        var y = StartingFactors.Draw(data.Movies.Count, factors, 1f / factors, new(seed, MovieFactors));
        var round = new BprRound(run, new(SparseRows.Of(histories), data.Movies.Count), x, y, width, (float)options["regularization"]);
        var count = (int)options["iterations"];
        Iterations.Run(run, "pairs", count, [x, y], i =>
        {
            var purpose = FirstRound + (2 * (ulong)i);
            return round.Take(new(seed, purpose), new(seed, purpose + 1), (float)(options["rate"] * (1 - (i / (double)count))));
        });
        return new Artifact(Name, FormatVersion).Add("movies", data.Movies.Ids).AddColdStart(data, histories)
            .AddFactors(y, Rule(run, y, width, options), HistoryWeights.Of(options));
    }

    private static FoldInRule Rule(FitRun run, float[] y, int width, OptionValues options)
    {
        var gram = GramMatrix.Of(run.Compute, y, width);
        var trace = 0.0;
        for (var i = 0; i < width; i++)
            trace += gram[(i * width) + i];
        for (var i = 0; i < width; i++)
            gram[(i * width) + i] += (float)(options["ridge"] * trace / options["factors"]);
        return new(gram, (float)options["alpha"], 1 + (float)options["alpha"]);
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => new FactorScorer(files);
}
