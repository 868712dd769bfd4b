using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.PopularityGenre;

/// <summary>
/// Recommends what is popular now, and more so in the genres of the person's history: score = trend(m) (1 + boost affinity(m)).
/// Trend: every person who has the movie counts 2^(-days / half-life) for the days between that moment and the last one in the data set, and not at all past the
/// window (<see cref="RecentPopularity"/>). Affinity: how much of the history lies in the movie's genres (<see cref="PopularityGenreScorer"/>).
/// </summary>
public sealed class PopularityGenreRecommender : IRecommender
{
    private const string NoLoss = "no decay at all is best on MovieLens 1M, judged by the second-last movie, by less than its error; a log that lives on must forget";

    /// <inheritdoc />
    public string Name => "popularity-genre";
    /// <inheritdoc />
    public string Summary => "Ranks movies by recent popularity, raised in the genres of the person's history.";
    /// <inheritdoc />
    public IReadOnlyList<string> Limits => ["Tells movies apart by genre and recent demand alone; a movie without a genre is never raised."];
    /// <inheritdoc />
    public int FormatVersion => 1;
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options { get; } =
    [
        new("window", "days back from the last moment of the data set that count", 0.01, 36_500, 36_500, NoLoss) { Search = new(30, 36_500) },
        new("half-life", "days after which an interaction counts half", 0.01, 36_500, 1_000, NoLoss) { Search = new(30, 36_500) },
        new("boost", "how much the genres of the history raise a movie; 0 for none", 0, 1_000, 10, OptionDescription.BestOfGrid) { Search = new(0.1, 100) },
        .. HistoryWeights.Options(tau: 3, floor: 0.02, OptionDescription.BestOfGrid),
    ];

    /// <inheritdoc />
    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        if (data.Count == 0)
            throw new InvalidDataException("The snapshot is empty: there is nothing to count.");
        run.Report("count", 0);
        var histories = Histories.Of(data);
        var trend = RecentPopularity.Of(histories, data.Movies.Count, options["window"], options["half-life"]);
        run.Report("genres", 0.8);
        var artifact = new Artifact(Name, FormatVersion)
            .Add("movies", data.Movies.Ids)
            .Add("trend", (ReadOnlySpan<float>)trend)
            .Add("genre-first", data.Genres.First)
            .Add("genre", data.Genres.All)
            .Add("lift", (ReadOnlySpan<float>)GenreLift.Of(histories, data.Genres))
            .Add("boost", (ReadOnlySpan<float>)[(float)options["boost"]]);
        HistoryWeights.Of(options).AddTo(artifact);
        artifact.AddGroupLifts(data, histories);
        run.Report("done", 1);
        return artifact;
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files) => new PopularityGenreScorer(files);
}
