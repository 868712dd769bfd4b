using Recs.Training.Snapshots;

namespace Recs.Training.Tests.UserKnn;

public class UserKnnTests
{
    [Theory]
    [InlineData(100, 0, 1_000)]
    [InlineData(5, 0, 1_000)]
    [InlineData(5, 2.5, 3)]
    public void Scores_are_those_of_a_brute_force_search(int neighbours, double shrinkage, int window)
    {
        var data = GeneratedData.Interactions(users: 50, movies: 30, perUser: 15, watches: true);
        using var fitted = Fitted.Of(
            "user-knn", data, ("neighbours", $"{neighbours}"), ("shrinkage", $"{shrinkage}"), ("tau", "3"), ("floor", "0.1"), ("window", $"{window}"));
        string[] history = ["m3", "m17", "m8", "m9", "m21"];
        var scores = fitted.Scores(history);
        foreach (var (movie, expected) in BruteForce(data, history, neighbours, shrinkage, window, age => 0.1 + (0.9 * Math.Exp(-age / 3.0))))
            ((double)scores[movie]).ShouldBe(expected, 1e-5, movie);
    }

    [Fact]
    public void Whoever_was_in_the_training_set_does_not_take_a_neighbour_s_place()
    {
        var builder = new InteractionSetBuilder();
        Add("me", "a", "b", "c");
        Add("less than I", "a", "b");
        Add("another", "a", "b", "d");
        using var fitted = Fitted.Of("user-knn", builder.Build(), ("neighbours", "1"));
        var scores = fitted.Scores("a", "b", "c");
        scores["d"].ShouldBeGreaterThan(0.1f); // the one place is the other's, although two histories are nearer
        scores["d"].ShouldBe(scores["a"]);

        void Add(string user, params string[] movies)
        {
            foreach (var movie in movies)
                builder.Add(user, movie, 8, 0);
        }
    }

    [Fact]
    public void Who_has_seen_all_that_the_others_have_is_answered_by_popularity()
    {
        var data = GeneratedData.Interactions(users: 10, movies: 12, perUser: 6);
        using var fitted = Fitted.Of("user-knn", data);
        int[] everything = [.. Enumerable.Range(0, data.Movies.Count)];
        fitted.Scorer.Personalizes(new(everything)).ShouldBeFalse();
        fitted.Scores([.. data.Movies.Ids]).ShouldBe(fitted.Scores());
    }

    [Fact]
    public void Movies_that_no_neighbour_has_stand_behind_the_others_by_popularity()
    {
        var data = GeneratedData.Interactions(users: 40, movies: 60, perUser: 12);
        using var fitted = Fitted.Of("user-knn", data, ("neighbours", "2"));
        var (scores, popularity) = (fitted.Scores("m3"), fitted.Scores());
        var tail = scores.Where(s => s.Value < 1e-9).OrderByDescending(s => s.Value).Select(s => popularity[s.Key]).ToList();
        tail.Count.ShouldBeGreaterThan(10);
        tail.ShouldBe(tail.OrderDescending());
        tail.Distinct().Count().ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Of_more_people_than_wanted_a_part_is_kept_that_the_seed_draws()
    {
        var data = GeneratedData.Interactions(users: 60, movies: 40, perUser: 10);
        using Fitted part = Fitted.Of("user-knn", data, ("people", "20")), whole = Fitted.Of("user-knn", data);
        part.Scores("m1", "m2").ShouldNotBe(whole.Scores("m1", "m2"));
        part.Scores().ShouldBe(whole.Scores()); // popularity counts everybody
    }

    /// <summary>Written from the definition, with sets.</summary>
    private static Dictionary<string, double> BruteForce(InteractionSet data, string[] history, int neighbours, double shrinkage, int window, Func<int, double> weight)
    {
        var weights = history.Reverse().Take(window).Select((movie, age) => (movie, weight: weight(age))).ToDictionary();
        var nearest = Enumerable.Range(0, data.Count).GroupBy(i => data.User[i], i => data.Movies[data.Movie[i]]).Select(g => g.ToHashSet())
            .Where(other => other.Except(history).Any()).Select(other => (other, near: Near(other))).Where(o => o.near > 0)
            .OrderByDescending(o => o.near).Take(neighbours).ToList();
        return data.Movies.Ids.ToDictionary(movie => movie, movie => nearest.Where(n => n.other.Contains(movie)).Sum(n => n.near));

        double Near(HashSet<string> other)
        {
            var shared = weights.Where(w => other.Contains(w.Key)).Sum(w => w.Value);
            return shared == 0 ? 0 : shared / Math.Sqrt(weights.Values.Sum(w => w * w) * other.Count) * shared / (shared + shrinkage);
        }
    }
}
