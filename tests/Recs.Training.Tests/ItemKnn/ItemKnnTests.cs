using Recs.Training.Artifacts;
using Recs.Training.ItemKnn;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.ItemKnn;

public class ItemKnnTests
{
    [Theory]
    [InlineData(50, 0)]
    [InlineData(6, 0)]
    [InlineData(6, 7.5)]
    public void Scores_are_those_of_a_brute_force_search(int neighbours, double shrinkage)
    {
        var data = GeneratedData.Interactions(users: 50, movies: 30, perUser: 15, watches: true);
        using var fitted = Fitted.Of("item-knn", data, ("neighbours", $"{neighbours}"), ("shrinkage", $"{shrinkage}"), ("tau", "3"), ("floor", "0.1"));
        string[] history = ["m3", "m17", "m8", "m9", "m21"];
        var scores = fitted.Scores(history);
        foreach (var (movie, expected) in BruteForce(data, history, neighbours, shrinkage, age => 0.1 + (0.9 * Math.Exp(-age / 3.0))))
            ((double)scores[movie]).ShouldBe(expected, 1e-6, movie);
    }

    [Fact]
    public void Of_equally_near_movies_those_of_lower_id_are_kept()
    {
        var builder = new InteractionSetBuilder();
        foreach (var movie in new[] { "d", "c", "b", "a" })
            builder.Add("one", movie, 5, 0);
        using var fitted = Fitted.Of("item-knn", builder.Build(), ("neighbours", "2"));
        fitted.Scores("c").Where(s => s.Value > 1e-9).Select(s => s.Key).ShouldBe(["a", "b"], ignoreOrder: true); // a keeps b and c, b keeps a and c, d keeps a and b
        fitted.Scores("d").Values.ShouldAllBe(score => score == 0 || score == 1); // nobody keeps d: answered by popularity
        fitted.Scorer.Personalizes(new([3])).ShouldBeFalse();
    }

    [Fact]
    public void Watching_a_movie_minute_by_minute_counts_once()
    {
        var once = GeneratedData.Interactions(users: 20, movies: 15, perUser: 5);
        var builder = new InteractionSetBuilder();
        for (var i = 0; i < once.Count; i++)
            for (var minute = 0; minute < 3; minute++)
                builder.Add(once.Users[once.User[i]], once.Movies[once.Movie[i]], 0, once.At[i] + minute);
        using Fitted rated = Fitted.Of("item-knn", once), watched = Fitted.Of("item-knn", builder.Build());
        watched.ContentHash.ShouldBe(rated.ContentHash);
    }

    [Fact]
    public void Movies_that_the_history_does_not_reach_stand_behind_the_others_by_popularity()
    {
        var data = GeneratedData.Interactions(users: 40, movies: 60, perUser: 12);
        using var fitted = Fitted.Of("item-knn", data, ("neighbours", "3"));
        var (scores, popularity) = (fitted.Scores("m3"), fitted.Scores());
        var tail = scores.Where(s => s.Value < 1e-9).OrderByDescending(s => s.Value).Select(s => popularity[s.Key]).ToList();
        tail.Count.ShouldBeInRange(40, 59);
        tail.ShouldBe(tail.OrderDescending());
        tail.Distinct().Count().ShouldBeGreaterThan(1);
    }

    [Fact]
    public void An_artifact_of_the_first_format_keeps_its_scores_and_its_scorer_version()
    {
        using var folder = new TemporaryFolder();
        var store = new ArtifactStore(folder.Path);
        using var scorer = new ItemKnnRecommender().Open(store.Open(store.Put(OfFirstFormat()).ContentHash));
        var scores = new float[4];
        scorer.Score(new([2, 0]), scores);
        scorer.ScorerVersion.ShouldBe(1);
        scores.ShouldBe([0.25f, 0.75f, 0, 0]); // golden: those of the first version, the last two movies alike although one is more popular
    }

    [Fact]
    public void A_format_of_the_future_is_refused()
    {
        using var folder = new TemporaryFolder();
        var store = new ArtifactStore(folder.Path);
        var stored = store.Put(new Artifact("item-knn", 3).Add("movies", ["a"]));
        Should.Throw<DamagedArtifactException>(() => new ItemKnnRecommender().Open(store.Open(stored.ContentHash))).Message.ShouldContain("reads 1 and 2");
    }

    /// <summary>Movie 0 is near to movie 1, movie 2 to movies 0 and 1; weight 1 for the last movie, 0.5 for all before.</summary>
    private static Artifact OfFirstFormat() => new Artifact("item-knn", 1)
        .Add("movies", ["a", "b", "c", "d"])
        .Add("popularity", (ReadOnlySpan<int>)[5, 4, 3, 2])
        .Add("neighbour-first", (ReadOnlySpan<int>)[0, 1, 1, 3, 3])
        .Add("neighbour", (ReadOnlySpan<int>)[1, 0, 1])
        .Add("similarity", (ReadOnlySpan<float>)[0.5f, 0.5f, 0.5f])
        .Add("weights", (ReadOnlySpan<float>)[1, 0.5f]);

    /// <summary>Written from the definition, with sets.</summary>
    private static Dictionary<string, double> BruteForce(InteractionSet data, string[] history, int neighbours, double shrinkage, Func<int, double> weight)
    {
        var people = Enumerable.Range(0, data.Count).GroupBy(i => data.Movies[data.Movie[i]], i => data.User[i]).ToDictionary(g => g.Key, g => g.ToHashSet());
        return people.Keys.ToDictionary(movie => movie, movie =>
        {
            var nearest = people.Keys.Where(other => other != movie).Select(other => (other, similarity: Similarity(people[movie], people[other])))
                .Where(s => s.similarity > 0).OrderByDescending(s => s.similarity).ThenBy(s => s.other, StringComparer.Ordinal).Take(neighbours).ToDictionary();
            return Enumerable.Range(0, history.Length).Sum(age => weight(age) * nearest.GetValueOrDefault(history[^(age + 1)]));
        });

        float Similarity(HashSet<int> a, HashSet<int> b) // in single precision, as equal ones are only then equal
        {
            double both = a.Intersect(b).Count();
            return both == 0 ? 0 : (float)(both / Math.Sqrt((double)a.Count * b.Count) * both / (both + shrinkage));
        }
    }
}
