using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests;

/// <summary>A model fitted on a data set, stored, and opened as serving opens it.</summary>
internal sealed class Fitted : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private Fitted(IRecommender recommender, Artifact artifact)
    {
        var store = new ArtifactStore(_folder.Path);
        using (artifact)
            ContentHash = store.Put(artifact).ContentHash;
        Scorer = recommender.Open(store.Open(ContentHash));
    }

    public string ContentHash { get; }
    public IScorer Scorer { get; }

    public static Fitted Of(string model, InteractionSet data, params (string Name, string Value)[] options) => Of(model, data, new FitRun(), options);

    public static Fitted Of(string model, InteractionSet data, FitRun run, params (string Name, string Value)[] options)
    {
        var recommender = Recommenders.Named(model);
        return new(recommender, recommender.Fit(data, OptionValues.Parse(recommender.Options, options.ToDictionary(o => o.Name, o => o.Value)), 1, run));
    }

    /// <summary>One score per movie, by the movie's text id.</summary>
    public Dictionary<string, float> Scores(params string[] history)
    {
        var scores = new float[Scorer.Movies.Count];
        Scorer.Score(new([.. history.Select(Scorer.Movies.Find)]), scores);
        return Scorer.Movies.Ids.Select((id, movie) => (id, scores[movie])).ToDictionary();
    }

    public void Dispose()
    {
        Scorer.Dispose();
        _folder.Dispose();
    }
}
