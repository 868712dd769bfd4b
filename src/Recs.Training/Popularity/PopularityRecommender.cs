using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Popularity;

/// <summary>Recommends what most people have seen, whatever the person has. The answer to beat, and the one for a person of whom nothing is known.</summary>
public sealed class PopularityRecommender : IRecommender
{
    /// <inheritdoc />
    public string Name => "popularity";
    /// <inheritdoc />
    public string Summary => "Ranks movies by the number of people who rated or watched them, over all time.";
    /// <inheritdoc />
    public IReadOnlyList<string> Limits => ["Knows no taste: whatever people have seen, the order is the same but for gender and age."];
    /// <inheritdoc />
    public int FormatVersion => 1;
    /// <inheritdoc />
    public IReadOnlyList<OptionDescription> Options => [];

    /// <inheritdoc />
    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        if (data.Count == 0)
            throw new InvalidDataException("The snapshot is empty: there is nothing to count.");
        run.Report("count", 0);
        var artifact = new Artifact(Name, FormatVersion).Add("movies", data.Movies.Ids).AddColdStart(data, Histories.Of(data));
        run.Report("done", 1);
        return artifact;
    }

    /// <inheritdoc />
    public IScorer Open(ArtifactFiles files)
    {
        using (files)
        {
            var movies = IdMap.Of(files.Ids("movies"));
            return new PopularityScorer(movies, ColdStart.Read(files, movies.Count));
        }
    }

    private sealed class PopularityScorer(IdMap movies, ColdStart coldStart) : IScorer
    {
        public int ScorerVersion => 1;
        public IdMap Movies => movies;
        public bool Personalizes(in UserState user) => false;
        public bool AnswersByGroup(in UserState user) => coldStart.AnswersByGroup(user);
        public void Score(in UserState user, Span<float> scores) => coldStart.Score(user, scores);

        public bool Explain(in UserState user, int movie, Span<float> shares)
        {
            shares.Clear();
            return false;
        }

        public void Dispose()
        {
            // Holds no file: the counts were copied when it was opened.
        }
    }
}
