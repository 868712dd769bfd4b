using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Evaluating;

/// <summary>The simplest model that predicts ratings: a movie's mean rating, drawn half-way to the person's own mean.</summary>
internal sealed class StarsByMean : IRecommender
{
    public string Name => "stars-by-mean";
    public string Summary => "Mean rating of a movie.";
    public int FormatVersion => 1;
    public IReadOnlyList<OptionDescription> Options => [];

    public Artifact Fit(InteractionSet data, OptionValues options, ulong seed, FitRun run)
    {
        var (sum, count) = (new float[data.Movies.Count], new float[data.Movies.Count]);
        for (var i = 0; i < data.Count; i++)
        {
            sum[data.Movie[i]] += data.HalfStars[i] / 2f;
            count[data.Movie[i]]++;
        }

        for (var movie = 0; movie < sum.Length; movie++)
            sum[movie] = count[movie] == 0 ? 3 : sum[movie] / count[movie];
        run.Report("done", 1);
        return new Artifact(Name, FormatVersion).Add("movies", data.Movies.Ids).Add("mean", (ReadOnlySpan<float>)sum);
    }

    public IScorer Open(ArtifactFiles files)
    {
        using (files)
            return new Scorer(IdMap.Of(files.Ids("movies")), files.Section<float>("mean").ToArray());
    }

    public static double Predict(double movieMean, IReadOnlyCollection<byte> given) => given.Count == 0 ? movieMean : (movieMean + (given.Average(h => h) / 2)) / 2;

    private sealed class Scorer(IdMap movies, float[] mean) : IRatingPredictor
    {
        public int ScorerVersion => 1;
        public IdMap Movies => movies;
        public bool Personalizes(in UserState user) => false;
        public void Score(in UserState user, Span<float> scores) => mean.CopyTo(scores);
        public bool Explain(in UserState user, int movie, Span<float> shares) => false;

        public void PredictRatings(in UserState user, ReadOnlySpan<int> wanted, Span<float> stars)
        {
            var given = new byte[user.Movies.Length];
            for (var i = 0; i < given.Length; i++)
                given[i] = user.HalfStarsAt(i);
            for (var i = 0; i < wanted.Length; i++)
                stars[i] = (float)Predict(mean[wanted[i]], given);
        }

        public void Dispose()
        {
            // Holds no file.
        }
    }
}
