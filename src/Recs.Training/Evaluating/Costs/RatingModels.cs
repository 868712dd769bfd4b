using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating.Costs;

/// <summary>
/// Tells the models that predict ratings from those that only rank. Only an opened artifact knows, so a handful of made-up ratings is fitted: fitting the whole data set to
/// find out would take minutes.
/// </summary>
internal static class RatingModels
{
    private static readonly InteractionSet Handful = MakeUp();

    /// <summary>Whether the contestant's scorers are <see cref="IRatingPredictor"/>s.</summary>
    public static bool Includes(Contestant contestant)
    {
        var folder = Directory.CreateTempSubdirectory("recs-evaluate-").FullName;
        try
        {
            var store = new ArtifactStore(folder);
            using var artifact = contestant.Recommender.Fit(Handful, OptionValues.Parse(contestant.Recommender.Options), 1, new(Threads: 1));
            using var scorer = contestant.Recommender.Open(store.Open(store.Put(artifact).ContentHash));
            return scorer is IRatingPredictor;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static InteractionSet MakeUp()
    {
        var builder = new InteractionSetBuilder();
        for (var user = 0; user < 6; user++)
            for (var movie = 0; movie < 4; movie++)
                builder.Add($"user {user}", $"movie {(user + movie) % 6}", (byte)(2 + ((user + (3 * movie)) % 8)), movie);
        return builder.Build();
    }
}
