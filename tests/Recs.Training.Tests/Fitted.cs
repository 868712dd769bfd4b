using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests;

/// <summary>A model fitted on a data set, stored, and opened as serving opens it.</summary>
internal sealed class Fitted : IDisposable
{
    /// <summary>Options under which a network is learned in no time, unless a test says otherwise: what it knows does not matter to most tests.</summary>
    private static readonly Dictionary<string, (string Name, string Value)[]> Quick = new()
    {
        ["vae"] = [("width", "1"), ("hidden", "1"), ("epochs", "2"), ("batch", "500")],
        ["sasrec"] = [("width", "1"), ("window", "20"), ("epochs", "2"), ("batch", "500")],
        ["two-tower"] = [("factors", "16"), ("hidden", "16"), ("epochs", "2"), ("cuts", "3"), ("batch", "64")],
        ["neural-cf"] = [("factors", "16"), ("hidden", "16"), ("epochs", "2"), ("cuts", "3"), ("batch", "64")],
        ["blend"] = [("sasrec", "0"), ("ease", "1"), ("bpr", "1")],
    };

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
        return new(recommender, recommender.Fit(data, QuickOptions(recommender, options), 1, run));
    }

    /// <summary>The options given, and for the others of a network those that make it quick.</summary>
    public static OptionValues QuickOptions(IRecommender recommender, params (string Name, string Value)[] options)
        => OptionValues.Parse(recommender.Options, Quick.GetValueOrDefault(recommender.Name, []).Concat(options).GroupBy(o => o.Name).ToDictionary(o => o.Key, o => o.Last().Value));

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
