using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Popularity;
using Recs.Training.RatingFactors;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Svd;

/// <summary>
/// Biased matrix factorisation (Koren, Bell and Volinsky, "Matrix Factorization Techniques for Recommender Systems", 2009): a rating is the mean, plus how much
/// milder than others the person rates, plus how much better the movie is rated, plus the product of their factors. The artifact holds the movies' side; a person's
/// bias and factors are solved from their ratings when they are scored (<see cref="RidgeFit{TLanes}"/>).
/// </summary>
public sealed class SvdRecommender : IRecommender
{
    /// <inheritdoc />
    public string Name => "svd";
    /// <inheritdoc />
    public string Summary => "Predicts stars by biases and by factors of movies, to which a person's ratings are fitted.";
    /// <inheritdoc />
    public int FormatVersion => 2; // 1: people dealt to groups at random, and one penalty per rating for all factors
    /// <inheritdoc />
    public IReadOnlyList<string> Limits =>
        ["Made for stars: a list by predicted stars finds the next movie less often than a model of what is watched next.", "Hears ratings alone: whoever only watches is answered by the cold start."];
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("factors", "factors of each movie; a multiple of 16 wastes nothing", 1, SmallSystem<PlainLanes>.Largest, 64, "LIBMF's figure that is compared with", Whole: true) { Search = new(16, 128) },
        .. LearningRates.Options(iterations: 80, rate: 0.0085, decay: 0.984),
        .. StepPenalties.Options(people: 0.029, movies: 0.075, shrinkage: 60, biases: 0.02),
        FoldInPenalties.Option(0.0145),
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
        var grid = RatingGrid.Of(ratings, new(seed, RandomPurpose.Order), run.Compute.Threads);
        var factors = BiasedFactors.Start(ratings, (int)options["factors"], seed);
        var descent = new GradientDescent(run, grid, ratings.Scale.Mean, factors, StepPenalties.Of(options, ratings));
        var rates = LearningRates.Of(options);
        Iterations.Run(run, "descend", rates.Length, factors.State, walk => descent.Walk(rates[walk]) / ratings.Count);
        var artifact = new Artifact(Name, FormatVersion)
            .Add("movies", data.Movies.Ids)
            .AddColdStart(data, histories);
        MovieSide.AddTo(artifact, ratings.CountByMovie(), factors.MovieFactors, factors.MovieBias);
        ratings.Scale.AddTo(artifact);
        FoldInPenalties.Of(options).AddTo(artifact);
        RankingShrinkage.AddTo(artifact, options, ratings);
        return artifact;
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => RatingScorer.Open(files, readsHistory: false);
}
