using Recs.Training.Artifacts;
using Recs.Training.Factors;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Popularity;
using Recs.Training.RatingFactors;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Nmf;

/// <summary>
/// Non-negative matrix factorisation of the ratings that there are (Lee and Seung, "Algorithms for Non-negative Matrix Factorization", 2001; the penalty per rating of
/// Luo et al., "An Efficient Non-Negative Matrix-Factorization-Based Approach to Collaborative Filtering for Recommender Systems", 2014), by alternating least
/// squares under the constraint, which settles in fewer iterations than their multiplicative updates and reaches zeros. A rating is the product of the person's and
/// the movie's factors, so a factor is a kind of movie and only ever adds to the stars. The artifact holds the movies' side.
/// </summary>
public sealed class NmfRecommender : IRecommender
{
    private const string TypicalSection = "typical-person";
    private const string PenaltySection = "penalty";

    /// <inheritdoc />
    public string Name => "nmf";
    /// <inheritdoc />
    public string Summary => "Predicts stars as a sum of kinds of movies, how much of each a movie has times how much the person likes it, nothing negative.";
    /// <inheritdoc />
    public int FormatVersion => 1;
    /// <inheritdoc />
    public IReadOnlyList<string> Limits =>
        ["Made for stars: a list by predicted stars finds the next movie less often than a model of what is watched next.", "Hears ratings alone: whoever only watches is answered by the cold start."];
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("factors", "factors of each movie; a multiple of 16 wastes nothing", 1, 256, 16, "as published tables use 15, rounded to the width of a vector", Whole: true) { Search = new(8, 64) },
        new("iterations", "times that people and movies are fitted to each other", 1, 1_000, 50, RatingOptions.Source, Whole: true) { Search = new(10, 100) },
        new("regularization", "penalty on squared factors, per rating", 1e-4, 10, 0.06, RatingOptions.Source),
        RankingShrinkage.Option,
    ];

    /// <inheritdoc />
    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        if (data.Count == 0)
            throw new InvalidDataException("The snapshot is empty: there is no rating to learn from.");
        run.Report("histories", 0);
        var histories = Histories.Of(data);
        var table = RatingTable.Of(histories, data.Movies.Count);
        var (first, user, stars) = table.ByMovie();
        RatingRows byUser = new(table.First, table.Movie, table.Stars), byMovie = new(first, user, stars);
        var (factors, regularization) = ((int)options["factors"], (float)options["regularization"]);
        var width = Matrix.StrideFor(factors);
        var (people, movies) = (new float[table.Users * width], Start(table, factors, seed));
        Iterations.Run(run, "alternate", (int)options["iterations"], [people, movies], _ =>
        {
            HalfStep.Run(run, byUser, people, movies, width, regularization);
            return HalfStep.Run(run, byMovie, movies, people, width, regularization) / table.Count;
        });
        var artifact = new Artifact(Name, FormatVersion)
            .Add("movies", data.Movies.Ids)
            .AddColdStart(data, histories)
            .Add(PenaltySection, (ReadOnlySpan<float>)[regularization])
            .Add(TypicalSection, (ReadOnlySpan<float>)Typical(table, people, width));
        MovieSide.AddTo(artifact, table.CountByMovie(), movies, new float[table.Movies], unrated: table.Scale.Mean);
        table.Scale.AddTo(artifact);
        RankingShrinkage.AddTo(artifact, options, table);
        return artifact;
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => InstructionSets.Chosen switch
    {
        Isa.Avx512 => Open<Avx512Lanes>(files),
        Isa.Avx2 => Open<Avx2Lanes>(files),
        _ => Open<PlainLanes>(files),
    };

    private static RatingScorer<TLanes> Open<TLanes>(ArtifactFiles files) where TLanes : struct, ILanes<TLanes> => new(files, (movies, _) =>
    {
        var (penalty, typical) = (files.Section<float>(PenaltySection).ToArray(), files.Section<float>(TypicalSection).ToArray());
        return penalty is [> 0] && typical.Length == movies.Width
            ? new NonNegativeFit<TLanes>(movies, penalty[0], typical)
            : throw new DamagedArtifactException(files.Path, $"{penalty.Length} penalties and a typical person of {typical.Length} factors for movies of {movies.Width}");
    });

    /// <summary>Positive random factors of movies whose products are near the mean rating; the people are solved first.</summary>
    private static float[] Start(RatingTable table, int factors, ulong seed)
    {
        var width = Matrix.StrideFor(factors);
        var middle = MathF.Sqrt(table.Scale.Mean / factors);
        var start = StartingFactors.Draw(table.Movies, factors, middle, new(seed, RandomPurpose.MovieFactors));
        for (var movie = 0; movie < table.Movies; movie++)
            foreach (ref var factor in start.AsSpan(movie * width, factors))
                factor += middle;
        return start;
    }

    /// <summary>Mean factors of the people who rated, added up in the order of the people.</summary>
    private static float[] Typical(RatingTable table, float[] people, int width)
    {
        var sum = new double[width];
        for (var i = 0; i < people.Length; i++)
            sum[i % width] += people[i]; // zero for those without a rating
        var raters = table.Raters;
        return [.. sum.Select(s => (float)(s / raters))];
    }
}
