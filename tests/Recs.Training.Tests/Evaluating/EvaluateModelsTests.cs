using Recs.Training.Evaluating;
using Recs.Training.Evaluating.Figures;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Fitting;
using Recs.Training.Reranking;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Evaluating;

public class EvaluateModelsTests
{
    private static readonly IReadOnlyList<Contestant> Models = [.. new[] { "popularity", "item-knn", "linear-autoregression" }.Select(name => Contestant.Of(Recommenders.Named(name)))];
    private static readonly InteractionSet Data = GeneratedData.Interactions(watches: true, genres: true);

    [Fact]
    public void Leave_last_out_agrees_with_a_naive_evaluator()
    {
        var rated = NaiveEvaluator.Ratings(Data);
        var last = rated.GroupBy(r => r.User).ToDictionary(g => g.Key, g => g.Last().Movie);
        var train = rated.Where(r => r.Movie != last[r.User]).ToList();
        var asked = last.Select(l => Known(train, l.Key, [l.Value])).ToList();
        Agrees(Run(new(Models) { Ks = [3, 10] }), rated, train, asked);
    }

    [Fact]
    public void Temporal_agrees_with_a_naive_evaluator()
    {
        var rated = NaiveEvaluator.Ratings(Data);
        var (train, judged) = (rated.Take(rated.Count * 8 / 10).ToList(), rated.Skip(rated.Count * 9 / 10).ToList());
        var asked = judged.Select(r => r.User).Distinct().Select(user =>
        {
            var seen = rated.Take(rated.Count * 9 / 10).Where(r => r.User == user).Select(r => r.Movie).ToHashSet();
            return new Asked(user, [.. train.Where(r => r.User == user)], judged.Where(r => r.User == user).Select(r => r.Movie).Except(seen).ToHashSet(), seen);
        }).Where(a => a.Targets.Count > 0).ToList();
        asked.Max(a => a.Targets.Count).ShouldBeGreaterThan(1);
        Agrees(Run(new(Models) { Ks = [3, 10], Protocol = new Temporal() }), rated, train, asked);
    }

    [Fact]
    public void Predicted_ratings_agree_with_a_naive_evaluator()
    {
        var report = Run(new([new(new StarsByMean(), OptionValues.Parse([])), .. Models]) { Protocol = new RandomRatings() });
        var ratings = Data.RatingsOnly();
        var split = new RandomRatings().Cut(ratings, 1).Single();
        var means = Enumerable.Range(0, split.Train.Count).GroupBy(i => split.Train.Movie[i]).ToDictionary(g => g.Key, g => g.Average(i => split.Train.HalfStars[i] / 2.0));
        var errors = split.People.SelectMany(p => p.Targets.Zip(p.TargetHalfStars, (movie, stars) => StarsByMean.Predict(means.GetValueOrDefault(movie, 3), p.GivenHalfStars) - (stars / 2.0))).ToList();
        report.Rows[0].Rmse!.Value.ShouldBe(Math.Sqrt(errors.Average(e => e * e)), 1e-5);
        report.Rows[0].Mae!.Value.ShouldBe(errors.Average(Math.Abs), 1e-5);
        report.Rows[0].Rmse!.Value.ShouldBeInRange(report.Rows[0].RmseLow!.Value, report.Rows[0].RmseHigh!.Value);
        report.Rows.Skip(1).ShouldAllBe(r => r.Rmse == null && r.Hr == null && r.TrainSeconds == null); // they only rank: there is nothing to fit them for
        report.Slices.Where(s => s.Slice == "item popularity").Select(s => s.Value).ShouldBe(["head", "middle", "tail"]);
    }

    [Fact]
    public void With_folds_every_rating_counts_once_and_two_predictors_are_compared()
    {
        var model = new Contestant(new StarsByMean(), OptionValues.Parse([]));
        var report = Run(new([model, model]) { Protocol = new RandomRatings(5) });
        (report.Folds, report.HeldOut).ShouldBe((5, new RandomRatings(5).Cut(Data.RatingsOnly(), 1).Sum(s => s.People.Sum(p => p.Targets.Length))));
        var comparison = report.Comparisons.ShouldHaveSingleItem();
        (comparison.Metric, comparison.Difference, comparison.P).ShouldBe(("rmse", 0, 1));
    }

    [Fact]
    public void Threads_and_models_at_once_change_no_figure()
    {
        var plan = new EvaluationPlan(Models) { Ks = [5, 10], Protocol = new HeldOutUsers() };
        var one = Figures(Run(plan, new(Threads: 1)));
        Figures(Run(plan with { Parallel = 2, MemoryMiB = 1 }, new(Threads: 3))).ShouldBe(one);
    }

    [Fact]
    public void A_re_ranked_list_has_a_row_of_its_own_and_leaves_the_model_s_as_it_is()
    {
        var plan = new EvaluationPlan(Models) { Ks = [3, 10] };
        RerankedModel[] choices = [.. Rerankers.Names.Select(name => new RerankedModel(null, new(name, 0.5)))];
        var (plain, report) = (Run(plan), Run(plan with { Rerank = choices }));
        report.Rows.Where(r => !r.Model.Contains('+')).Select(r => r with { TrainSeconds = null, CpuSeconds = null, PeakMiB = null, P50Ms = null, P95Ms = null, P99Ms = null, UsersPerSecond = null })
            .ShouldBe(plain.Rows.Select(r => r with { TrainSeconds = null, CpuSeconds = null, PeakMiB = null, P50Ms = null, P95Ms = null, P99Ms = null, UsersPerSecond = null }));
        report.Rows.Select(r => r.Model).Distinct().ShouldBe(Models.SelectMany(m => new[] { "", " + mmr 0.5", " + dpp 0.5", " + genre-calibrated 0.5", " + popularity-calibrated 0.5" }.Select(with => m.Recommender.Name + with)));
        double Figure(string model, Func<EvaluationRow, double?> figure) => figure(report.Rows.Single(r => r.Model == model && r.K == 10))!.Value;
        foreach (var model in Models.Select(m => m.Recommender.Name))
        {
            Figure(model + " + mmr 0.5", r => r.Diversity).ShouldBeGreaterThan(Figure(model, r => r.Diversity));
            Figure(model + " + dpp 0.5", r => r.Diversity).ShouldBeGreaterThan(Figure(model, r => r.Diversity));
            Figure(model + " + genre-calibrated 0.5", r => r.Calibration).ShouldBeLessThan(Figure(model, r => r.Calibration));
        }
    }

    [Theory]
    [InlineData("mmr:0.3", null)]
    [InlineData("linear-autoregression+mmr:0.3", "linear-autoregression")]
    public void A_re_ranker_is_for_every_model_or_for_the_one_that_is_named(string text, string? model)
    {
        var read = RerankedModel.Parse(text);
        (read.Model, read.Choice, read.ToString()).ShouldBe((model, new(Rerankers.Mmr, 0.3), text));
    }

    [Fact]
    public void A_re_ranker_of_one_model_leaves_the_others_alone_and_is_compared_with_its_model_only()
    {
        var report = Run(new(Models) { Ks = [10], Rerank = [RerankedModel.Parse("item-knn+mmr:0.5"), RerankedModel.Parse("item-knn+dpp:0.5")] });
        report.Rows.Select(r => (r.Model, r.RerankOf)).ShouldBe([
            ("popularity", null), ("item-knn", null), ("item-knn + mmr 0.5", "item-knn"), ("item-knn + dpp 0.5", "item-knn"), ("linear-autoregression", null)]);
        var plain = Run(new(Models) { Ks = [10] });
        var ndcg = report.Comparisons.Where(c => c.Metric == "ndcg@10").ToList();
        ndcg.Take(3).ShouldBe(plain.Comparisons.Where(c => c.Metric == "ndcg@10"), "what is re-ranked costs the models' own comparisons nothing");
        ndcg.Skip(3).Select(c => (c.A, c.B)).ShouldBe([("item-knn + mmr 0.5", "item-knn"), ("item-knn + dpp 0.5", "item-knn")]);
    }

    [Fact]
    public void What_cannot_be_re_ranked_is_refused()
    {
        Should.Throw<ArgumentException>(new EvaluationPlan(Models) { Rerank = [new(null, new("best", 0.5))] }.Check).Message.ShouldContain("best");
        Should.Throw<ArgumentException>(new EvaluationPlan(Models) { Rerank = [RerankedModel.Parse("ease+mmr:0.5")] }.Check).Message.ShouldContain("popularity, item-knn, linear-autoregression");
        Should.Throw<ArgumentException>(new EvaluationPlan(Models) { Rerank = [RerankedModel.Parse("mmr:0.5")], Ks = [101] }.Check).Message.ShouldContain("100");
        Should.Throw<ArgumentException>(new EvaluationPlan(Models) { Rerank = [RerankedModel.Parse("mmr:0.5")], Protocol = new RandomRatings() }.Check).Message.ShouldContain("random");
    }

    [Fact]
    public void A_model_that_diverges_has_a_row_that_says_why_and_the_others_go_on()
    {
        var diverging = Contestant.Of(Recommenders.Named("svd"), new Dictionary<string, string> { ["rate"] = "1" });
        foreach (IProtocol protocol in new IProtocol[] { new RandomRatings(2), new LeaveLastOut() })
        {
            var report = Run(new([diverging, Contestant.Of(Recommenders.Named("knn-baseline"))]) { Ks = [10], Protocol = protocol, Rerank = protocol.PredictsRatings ? [] : [RerankedModel.Parse("svd+mmr:0.5")] });
            report.Rows.Count.ShouldBe(2);
            (report.Rows[0].Model, report.Rows[0].Rmse ?? report.Rows[0].Ndcg, report.Rows[0].Version).ShouldBe(("svd", null, null));
            report.Rows[0].Failure!.ShouldContain("diverged");
            report.Rows[1].Failure.ShouldBeNull();
            (report.Rows[1].Rmse ?? report.Rows[1].Ndcg).ShouldNotBeNull();
        }
    }

    [Fact]
    public void Figures_of_few_people_come_with_a_warning()
    {
        Run(new(Models) { Ks = [10] }).Warnings.ShouldBe(Data.Users.Count < FewPeople.Enough ? [FewPeople.Warning(Data.Users.Count)!] : []);
        FewPeople.Warning(FewPeople.Enough).ShouldBeNull();
        FewPeople.Warning(3)!.ShouldContain("Only 3 people");
    }

    [Fact]
    public void The_errors_can_be_recomputed_from_the_predictions()
    {
        using var csv = new StringWriter();
        var model = new Contestant(new StarsByMean(), OptionValues.Parse([]));
        var report = Run(new([model, Contestant.Of(Recommenders.Named("knn-baseline"))]) { Protocol = new RandomRatings(3), Predictions = csv });
        var lines = csv.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("model,user,movie,actual,predicted,fold");
        var given = Data.RatingsOnly() switch { var r => Enumerable.Range(0, r.Count).Select(i => (r.Users[r.User[i]], r.Movies[r.Movie[i]], r.HalfStars[i] / 2.0)).ToHashSet() };
        foreach (var row in report.Rows)
        {
            var judged = lines.Skip(1).Select(line => line.Split(',')).Where(f => f[0] == row.Model).ToList();
            judged.Count.ShouldBe(report.HeldOut);
            judged.All(f => given.Contains((f[1], f[2], Number(f[3])))).ShouldBeTrue();
            var errors = judged.ConvertAll(f => float.Parse(f[4], System.Globalization.CultureInfo.InvariantCulture) - Number(f[3]));
            Math.Sqrt(errors.Average(e => e * e)).ShouldBe(row.Rmse!.Value, 1e-12);
            errors.Average(Math.Abs).ShouldBe(row.Mae!.Value, 1e-12);
        }

        static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Fact]
    public void Slices_that_say_the_same_twice_are_not_there()
    {
        Run(new(Models) { Ks = [10], Protocol = new HeldOutUsers() }).Slices.ShouldNotContain(s => s.Slice == "activity" || s.Slice == "cold"); // given says it, and finer
        var people = Enumerable.Range(0, 3).Select(user => new JudgedPerson(user, new int[new[] { 12, 19, 70 }[user]], [], [0], [8], [])).ToList();
        IReadOnlyList<string> Names(params JudgedPerson[] judged) => [.. Slice.Of([(new(Data.RatingsOnly()), judged)])[0].Select(s => s.Name).Distinct()];
        Names([.. people]).ShouldNotContain("cold"); // it would be activity 10-19
        Names([.. people, people[0] with { Given = new int[3] }]).ShouldContain("cold");
    }

    [Fact]
    public void Held_out_people_have_a_slice_for_each_number_of_ratings_given()
    {
        var report = Run(new(Models) { Ks = [10], Protocol = new HeldOutUsers() });
        report.Slices.Where(s => s.Slice == "given" && s.Model == "popularity").Select(s => (s.Value, s.Users))
            .ShouldBe(new[] { "0", "1", "3", "5", "10" }.Select(given => (given, report.EvaluatedUsers)));
        report.Rows.First(r => r.Model == "popularity").Ndcg!.Value
            .ShouldBe(report.Slices.Where(s => s.Slice == "given" && s.Model == "popularity").Average(s => s.Ndcg!.Value), 1e-12);
    }

    [Fact]
    public void Slices_of_people_put_together_are_everybody()
    {
        var people = Data.WithDemographics([.. Data.Users.Ids.Select((_, i) => new Demographics(i % 3 == 0 ? "F" : "M", 15 + i, null))]);
        var report = new EvaluateModels(TimeProvider.System).Run("generated", people, new(Models) { Ks = [10] }, new());
        foreach (var name in new[] { "age", "gender", "activity", "item popularity" })
        {
            var slices = report.Slices.Where(s => s.Slice == name && s.Model == "item-knn").ToList();
            slices.Sum(s => s.Users).ShouldBe(report.EvaluatedUsers, name);
            (slices.Sum(s => s.Users * s.Ndcg!.Value) / report.EvaluatedUsers).ShouldBe(report.Rows.Single(r => r.Model == "item-knn").Ndcg!.Value, 1e-12, name);
        }
    }

    [Fact]
    public void Every_pair_of_models_is_compared()
    {
        var report = Run(new(Models) { Ks = [5, 10] });
        report.Comparisons.Count.ShouldBe(2 * 3);
        foreach (var c in report.Comparisons.Where(c => c.Metric == "ndcg@10"))
            c.Difference.ShouldBe(Ndcg(c.A) - Ndcg(c.B), 1e-12);
        double Ndcg(string model) => report.Rows.Single(r => r.Model == model && r.K == 10).Ndcg!.Value;
    }

    [Fact]
    public void A_second_fit_tells_whether_the_bytes_are_the_same()
        => Run(new(Models) { Ks = [10], Twice = true }).Rows.ShouldAllBe(r => r.Deterministic == true);

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

        static IEnumerable<string?> Versions(InteractionSet set) => new EvaluateModels(TimeProvider.System).Run("generated", set, new(Models) { Ks = [10] }, new()).Rows.Select(r => r.Version);
    }

    [Fact]
    public void The_figures_can_be_recomputed_from_the_slates()
    {
        using var csv = new StringWriter();
        var report = Run(new(Models) { Ks = [5, 10], Slates = csv });
        var lines = csv.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[0].ShouldBe("model,user,rank,movie,score");
        var last = NaiveEvaluator.Ratings(Data).GroupBy(r => r.User).ToDictionary(g => g.Key, g => g.Last().Movie);
        foreach (var row in report.Rows)
        {
            var hits = lines.Skip(1).Select(line => line.Split(',')).Count(f => f[0] == row.Model && int.Parse(f[2]) <= row.K && f[3] == last[f[1]]);
            ((double)hits / report.EvaluatedUsers).ShouldBe(row.Hr!.Value, 1e-12); // ties of popularity included
        }
    }

    [Fact]
    public void Progress_only_grows_and_ends_at_one()
    {
        var seen = new List<double>();
        Run(new(Models) { Ks = [10], Parallel = 2 }, new(Threads: 2, Progress: new Listener(p => seen.Add(p.Fraction))));
        seen.ShouldBe(seen.Order());
        seen[^1].ShouldBe(1);
    }

    [Fact]
    public void A_data_set_without_ratings_is_refused()
    {
        var builder = new InteractionSetBuilder();
        builder.Add("a", "x", 0, 1);
        Should.Throw<NothingToJudgeException>(() => new EvaluateModels(TimeProvider.System).Run("watches", builder.Build(), new(Models), new()));
    }

    private static EvaluationReport Run(EvaluationPlan plan, FitRun? run = null) => new EvaluateModels(TimeProvider.System).Run("generated", Data, plan, run ?? new());

    private static Asked Known(List<Rated> train, string user, IReadOnlyCollection<string> targets)
    {
        var given = train.Where(r => r.User == user).ToList();
        return new(user, given, targets, given.Select(r => r.Movie).ToHashSet());
    }

    private static void Agrees(EvaluationReport report, List<Rated> rated, List<Rated> train, List<Asked> asked)
    {
        report.EvaluatedUsers.ShouldBe(asked.Count);
        report.TrainRatings.ShouldBe(train.Count);
        var movies = rated.Select(r => r.Movie).Distinct().Order(StringComparer.Ordinal).ToList();
        foreach (var model in report.Rows.Select(r => r.Model).Distinct())
        {
            using var folder = new TemporaryFolder();
            using var scorer = NaiveEvaluator.Fit(Recommenders.Named(model), train, folder);
            var lists = asked.Select(a => (List: NaiveEvaluator.Rank(movies, a, scorer), a.Targets)).ToList();
            foreach (var row in report.Rows.Where(r => r.Model == model))
            {
                var k = row.K!.Value;
                row.Hr!.Value.ShouldBe(lists.Average(l => NaiveEvaluator.HitRatio(l.List, l.Targets, k)), 1e-12);
                row.Ndcg!.Value.ShouldBe(lists.Average(l => NaiveEvaluator.Ndcg(l.List, l.Targets, k)), 1e-12);
                row.Precision!.Value.ShouldBe(lists.Average(l => NaiveEvaluator.Precision(l.List, l.Targets, k)), 1e-12);
                row.Recall!.Value.ShouldBe(lists.Average(l => NaiveEvaluator.Recall(l.List, l.Targets, k)), 1e-12);
                row.Map!.Value.ShouldBe(lists.Average(l => NaiveEvaluator.AveragePrecision(l.List, l.Targets, k)), 1e-12);
                row.Mrr!.Value.ShouldBe(lists.Average(l => NaiveEvaluator.ReciprocalRank(l.List, l.Targets)), 1e-12);
                row.Hr.Value.ShouldBeInRange(row.HrLow!.Value, row.HrHigh!.Value);
                row.Ndcg.Value.ShouldBeInRange(row.NdcgLow!.Value, row.NdcgHigh!.Value);
            }
        }
    }

    /// <summary>All that may not depend on the machine.</summary>
    private static IEnumerable<object?> Figures(EvaluationReport report)
        => [.. report.Rows.Select(r => r with { TrainSeconds = 0, CpuSeconds = 0, PeakMiB = 0, P50Ms = 0, P95Ms = 0, P99Ms = 0, UsersPerSecond = 0 }), .. report.Slices, .. report.Comparisons];

    private sealed class Listener(Action<FitProgress> hear) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => hear(value);
    }
}
