using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Popularity;
using Recs.Training.RatingFactors;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.SvdPlusPlus;

/// <summary>
/// Matrix factorisation in which a history speaks twice: by which movies are in it and how far each was rated from the person's mean, in closed form
/// (<see cref="HistorySide"/>), and by what is fitted to the ratings beyond that (Koren, "Factorization Meets the Neighborhood: a Multifaceted Collaborative Filtering
/// Model", 2008). The artifact holds the movies' side; a person is folded in when they are scored (<see cref="RidgeFit{TLanes}"/>).
/// </summary>
public sealed class SvdPlusPlusRecommender : IRecommender
{
    /// <inheritdoc />
    public string Name => "svd-plus-plus";
    /// <inheritdoc />
    public string Summary => "Predicts stars by biases and factors of movies, to which a person's ratings and the mere presence of movies in their history are fitted.";
    /// <inheritdoc />
    public int FormatVersion => 2; // 1: one penalty per rating for all factors of people, and one for those of movies
    /// <inheritdoc />
    public IReadOnlyList<string> Limits =>
        ["Made for stars: a list by predicted stars finds the next movie less often than a model of what is watched next.", "What a history says by itself is learned from who rated what; a watch without a rating counts only there."];
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("factors", "factors of each movie; a multiple of 16 wastes nothing", 1, SmallSystem<PlainLanes>.Largest, 128, RatingOptions.Source, Whole: true) { Search = new(16, 128) },
        .. LearningRates.Options(iterations: 30, rate: 0.005, decay: 0.97),
        .. StepPenalties.Options(people: 0.1, movies: 0.048, shrinkage: 30, biases: 0.02),
        FoldInPenalties.Option(0.05),
        new("history-regularization", "penalty on what a history says by itself, per rating", 1e-6, 1, 0.0013, RatingOptions.Source),
        RankingShrinkage.Option,
    ];

    /// <inheritdoc />
    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        if (data.Count == 0)
            throw new InvalidDataException("The snapshot is empty: there is no rating to learn from.");
        run.Report("histories", 0);
        var histories = Histories.Of(data);
        var ratings = RatingTable.Of(histories, data.Movies.Count);
        var factors = JointFactors.Start(histories.Users, data.Movies.Count, (int)options["factors"], seed);
        var descent = new JointDescent(run, new(histories, ratings, factors, StepPenalties.Of(options, ratings)), seed);
        var rates = LearningRates.Of(options);
        Iterations.Run(run, "descend", rates.Length, factors.State, walk => descent.Walk(
            new(rates[walk], (float)options["history-regularization"]), new(seed, RandomPurpose.Walks + (ulong)walk)) / ratings.Count);
        var artifact = new Artifact(Name, FormatVersion)
            .Add("movies", data.Movies.Ids)
            .AddColdStart(data, histories);
        MovieSide.AddTo(artifact, ratings.CountByMovie(), factors.MovieFactors, factors.MovieBias);
        HistorySide.AddTo(artifact, factors.Watched, factors.Rated);
        ratings.Scale.AddTo(artifact);
        FoldInPenalties.Of(options).AddTo(artifact);
        RankingShrinkage.AddTo(artifact, options, ratings);
        return artifact;
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => RatingScorer.Open(files, readsHistory: true);
}
