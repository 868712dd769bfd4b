using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Evaluating;

/// <summary>A rating as text, as it stands in a file.</summary>
internal sealed record Rated(string User, string Movie, byte HalfStars, long At);

/// <summary>Somebody's known ratings and the movies to be found, all as text.</summary>
internal sealed record Asked(string User, IReadOnlyList<Rated> Given, IReadOnlyCollection<string> Targets, IReadOnlyCollection<string> LeftOut);

/// <summary>The evaluator again, straight from the definitions: sorted lists, dictionaries and text ids, one person and one movie at a time.</summary>
internal static class NaiveEvaluator
{
    public static List<Rated> Ratings(InteractionSet data)
        => [.. Enumerable.Range(0, data.Count).Where(i => data.HalfStars[i] > 0).Select(i => new Rated(data.Users[data.User[i]], data.Movies[data.Movie[i]], data.HalfStars[i], data.At[i])).OrderBy(r => r.At)];

    /// <summary>Candidates in the order of the list: best first, a movie to be found behind the others of its score.</summary>
    public static List<string> Rank(List<string> movies, Asked asked, IScorer scorer)
    {
        var history = asked.Given.Select(r => r.Movie).Reverse().Distinct().Reverse().ToList();
        var stars = history.Select(movie => asked.Given.Last(r => r.Movie == movie).HalfStars).ToArray();
        var scores = new float[scorer.Movies.Count];
        scorer.Score(new([.. history.Select(scorer.Movies.Find)], stars), scores);
        return [.. movies.Except(asked.LeftOut).OrderByDescending(m => scorer.Movies.Find(m) is >= 0 and var i ? scores[i] : 0).ThenBy(asked.Targets.Contains)];
    }

    public static IScorer Fit(IRecommender recommender, IReadOnlyList<Rated> train, TemporaryFolder folder)
    {
        var builder = new InteractionSetBuilder();
        foreach (var r in train)
            builder.Add(r.User, r.Movie, r.HalfStars, r.At);
        using var artifact = recommender.Fit(builder.Build(), OptionValues.Parse(recommender.Options), 1, new());
        var store = new ArtifactStore(folder.Path);
        return recommender.Open(store.Open(store.Put(artifact).ContentHash));
    }

    public static double HitRatio(List<string> list, IReadOnlyCollection<string> targets, int k) => list.Take(k).Any(targets.Contains) ? 1 : 0;
    public static double Precision(List<string> list, IReadOnlyCollection<string> targets, int k) => list.Take(k).Count(targets.Contains) / (double)k;
    public static double Recall(List<string> list, IReadOnlyCollection<string> targets, int k) => list.Take(k).Count(targets.Contains) / (double)targets.Count;
    public static double ReciprocalRank(List<string> list, IReadOnlyCollection<string> targets) => 1.0 / (1 + list.FindIndex(targets.Contains));

    public static double Ndcg(List<string> list, IReadOnlyCollection<string> targets, int k)
        => list.Take(k).Select((m, i) => targets.Contains(m) ? 1 / Math.Log2(i + 2) : 0).Sum() / Enumerable.Range(0, Math.Min(k, targets.Count)).Sum(i => 1 / Math.Log2(i + 2));

    public static double AveragePrecision(List<string> list, IReadOnlyCollection<string> targets, int k)
        => list.Take(k).Select((m, i) => targets.Contains(m) ? Precision(list, targets, i + 1) : 0).Sum() / Math.Min(k, targets.Count);
}
