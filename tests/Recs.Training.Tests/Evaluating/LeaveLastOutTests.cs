using Recs.Training.Artifacts;
using Recs.Training.Evaluating;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Evaluating;

public class LeaveLastOutTests
{
    private static readonly IReadOnlyList<Contestant> Models = [.. Recommenders.All.Select(r => new Contestant(r, OptionValues.Parse(r.Options)))];

    [Fact]
    public void Every_user_s_last_movie_is_held_out_with_all_its_ratings()
    {
        var builder = new InteractionSetBuilder();
        builder.Add("a", "x", 1, 1);
        builder.Add("a", "y", 2, 2);
        builder.Add("a", "x", 3, 3);
        builder.Add("b", "z", 4, 4);
        var split = LeaveLastOut.Split(builder.Build());
        split.HeldOut.ShouldBe([0, 2]);
        split.Train.Count.ShouldBe(1);
        split.Train.Movies.Ids.ShouldBe(["x", "y", "z"]); // every movie of the data set is ranked
        split.Histories.Of(1).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Ties_count_against_the_model()
    {
        LeaveLastOut.Rank([3, 2, 2, float.NegativeInfinity, 1], 2).ShouldBe(3);
        LeaveLastOut.Rank([3, 2, 2, float.NegativeInfinity, 1], 0).ShouldBe(1);
    }

    [Fact]
    public void It_agrees_with_a_naive_evaluator()
    {
        var data = GeneratedData.Interactions(watches: true);
        var report = new EvaluateModels(TimeProvider.System).Run("generated", data, Models, [3, 10], 1, new());
        report.Rows.Count.ShouldBe(2 * Models.Count);
        foreach (var row in report.Rows)
        {
            var (hr, ndcg, mrr) = Naive(data, row.Model, row.K);
            row.Hr.ShouldBe(hr, 1e-12);
            row.Ndcg.ShouldBe(ndcg, 1e-12);
            row.Mrr!.Value.ShouldBe(mrr, 1e-12);
            row.Hr.ShouldBeInRange(row.HrLow, row.HrHigh);
        }

        report.Rows.First(r => r is { Model: "linear-autoregression", K: 3 }).Hr.ShouldBeGreaterThan(report.Rows.First(r => r is { Model: "popularity", K: 3 }).Hr);
    }

    [Fact]
    public void An_altered_held_out_rating_does_not_change_the_fit()
    {
        var data = GeneratedData.Interactions();
        var last = Histories.Of(data).Of(0)[^1];
        byte[] altered = [.. data.HalfStars];
        for (var i = 0; i < data.Count; i++)
            if (data.User[i] == 0 && data.Movie[i] == last)
                altered[i] = (byte)(11 - altered[i]);
        InteractionSet other = new(data.Users, data.Movies, [.. data.User], [.. data.Movie], altered, [.. data.At]);
        other.Sha256.ShouldNotBe(data.Sha256);
        Versions(other).ShouldBe(Versions(data));
    }

    [Fact]
    public void The_figures_can_be_recomputed_from_the_slates()
    {
        var data = GeneratedData.Interactions();
        using var csv = new StringWriter();
        var report = new EvaluateModels(TimeProvider.System).Run("generated", data, Models, [5, 10], 1, new(), csv);
        var lines = csv.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("model,user,rank,movie,score");
        var histories = Histories.Of(data);
        foreach (var row in report.Rows)
        {
            var hits = lines.Skip(1).Select(line => line.Split(',')).Count(f =>
                f[0] == row.Model && int.Parse(f[2]) <= row.K && data.Movies.Find(f[3]) == histories.Of(data.Users.Find(f[1]))[^1]);
            ((double)hits / report.EvaluatedUsers).ShouldBe(row.Hr, 1e-12); // ties of popularity included
        }
    }

    [Fact]
    public void A_data_set_without_ratings_is_refused()
    {
        var builder = new InteractionSetBuilder();
        builder.Add("a", "x", 0, 1);
        Should.Throw<InvalidDataException>(() => new EvaluateModels(TimeProvider.System).Run("watches", builder.Build(), Models, [10], 1, new()));
    }

    private static IEnumerable<string> Versions(InteractionSet data)
        => new EvaluateModels(TimeProvider.System).Run("generated", data, Models, [10], 1, new()).Rows.Select(r => r.Version);

    /// <summary>Written from the protocol's definition, with dictionaries and sorting.</summary>
    private static (double Hr, double Ndcg, double Mrr) Naive(InteractionSet data, string model, int k)
    {
        var rated = Enumerable.Range(0, data.Count).Where(i => data.HalfStars[i] > 0).Select(i => (User: data.Users[data.User[i]], Movie: data.Movies[data.Movie[i]], Stars: data.HalfStars[i], At: data.At[i])).ToList();
        var target = rated.GroupBy(r => r.User).ToDictionary(g => g.Key, g => g.Last().Movie);
        var movies = rated.Select(r => r.Movie).Distinct().Order(StringComparer.Ordinal).ToList();
        var train = rated.Where(r => r.Movie != target[r.User]).ToList();
        var builder = new InteractionSetBuilder();
        foreach (var r in train)
            builder.Add(r.User, r.Movie, r.Stars, r.At);
        using var folder = new TemporaryFolder();
        var recommender = Recommenders.Named(model);
        using var artifact = recommender.Fit(builder.Build(), OptionValues.Parse(recommender.Options), 1, new());
        var store = new ArtifactStore(folder.Path);
        using var scorer = recommender.Open(store.Open(store.Put(artifact).ContentHash));

        double hr = 0, ndcg = 0, mrr = 0;
        foreach (var (user, movie) in target)
        {
            var history = train.Where(r => r.User == user).Select(r => r.Movie).Reverse().Distinct().Reverse().ToList();
            var scores = new float[scorer.Movies.Count];
            scorer.Score(new([.. history.Select(scorer.Movies.Find)]), scores);
            var unseen = movies.Except(history).ToDictionary(m => m, m => scorer.Movies.Find(m) is >= 0 and var i ? scores[i] : 0);
            var rank = unseen.Count(u => u.Value >= unseen[movie]);
            hr += rank <= k ? 1 : 0;
            ndcg += rank <= k ? 1 / Math.Log2(1 + rank) : 0;
            mrr += 1.0 / rank;
        }

        return (hr / target.Count, ndcg / target.Count, mrr / target.Count);
    }
}
