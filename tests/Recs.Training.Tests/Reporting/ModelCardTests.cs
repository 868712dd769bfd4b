using System.Text.RegularExpressions;
using Recs.Training.Evaluating;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Fitting;
using Recs.Training.Reporting;

namespace Recs.Training.Tests.Reporting;

public class ModelCardTests
{
    [Fact]
    public void A_card_says_what_a_model_is_for_whom_it_is_worse_and_what_it_costs()
    {
        var card = ModelCard.Write(Recommenders.Named("knn-baseline"), ReportedExample.Run(), ReportedExample.Reports);
        Regex.Matches(card, "^## (.*)$", RegexOptions.Multiline).Select(m => m.Groups[1].Value).ShouldBe(
        [
            "Model details", "Intended use", "Data", "Quality: generated, leave-last-out", "Quality: generated, random", "Quality: generated, users", "Fairness", "Cost", "Determinism", "Limits",
            "Compute it again",
        ]);
        foreach (var option in Recommenders.Named("knn-baseline").Options)
            card.ShouldContain($"| {option.Meaning} | {option.Source} |");
        foreach (var limit in Recommenders.Named("knn-baseline").Limits)
            card.ShouldContain($"- {limit}\n");
        foreach (var version in ReportedExample.Reports.Select(r => r.Rows.First(row => row.Model == "knn-baseline").Version!))
            card.ShouldContain(version);
        card.ShouldContain("It also predicts ratings in stars.");
        card.ShouldContain("(../formulas.md#models)");
        card.ShouldContain(ReportedExample.Data.Sha256);
    }

    [Fact]
    public void A_model_that_only_ranks_says_so_and_has_no_figure_for_ratings()
    {
        var card = ModelCard.Write(Recommenders.Named("popularity"), ReportedExample.Run(), ReportedExample.Reports);
        card.ShouldContain("it predicts no ratings");
        card.ShouldNotContain("RMSE");
        card.ShouldContain("It has no hyper-parameters.");
    }

    [Fact]
    public void A_gap_between_groups_is_computed_from_the_slices()
    {
        var gap = GroupGap.Of(ReportedExample.MadeUp(), "ease", "gender").ShouldNotBeNull();
        (gap.Worst.Value, gap.Best.Value).ShouldBe(("F", "M")); // five people of X are too few
        gap.Ratio.ShouldBe(0.10 / 0.135, 1e-12);
        gap.ClearlyWorse.Select(s => s.Value).ShouldBe(["F"]); // 0.10 ± 0.02 is below 0.125 as a whole
        ModelCard.Write(Recommenders.Named("ease"), ReportedRun.Of(new([Contestant.Of(Recommenders.Named("ease"))]), new("0123abcd", false)), [ReportedExample.MadeUp()])
            .ShouldContain("gender: NDCG@10 is 0.1000 for F (1,700 people) and 0.1350 for M (4,300 people), a ratio of 0.74. Below the figure for everybody by more than the 95 % interval: F.");
        GroupGap.Of(ReportedExample.MadeUp(), "ease", "age").ShouldBeNull();
    }

    [Fact]
    public void For_errors_the_worse_group_is_the_one_with_the_greater_error()
    {
        EvaluationSlice Slice(string group, double rmse) => new("svd", "age", group, 100, null, null, null, null, null, rmse);
        var report = ReportedExample.MadeUp() with { Protocol = "random", Rows = [new() { Model = "svd", Rmse = 0.9 }], Slices = [Slice("young", 1), Slice("old", 0.8)] };
        var gap = GroupGap.Of(report, "svd", "age").ShouldNotBeNull();
        (gap.Worst.Value, gap.Ratio).ShouldBe(("young", 1.25));
    }

    [Fact]
    public void The_command_of_a_card_judges_the_model_alone_and_finds_the_same()
    {
        var together = ReportedExample.Reports.Single(r => r.Protocol == "leave-last-out");
        var alone = new EvaluateModels(TimeProvider.System).Run("generated", ReportedExample.Data, ReportedExample.Plan with { Contestants = [ReportedExample.Models[1]], Protocol = new LeaveLastOut() }, new());
        alone.Rows.Select(Figures).ShouldBe(together.Rows.Where(r => r.Model == "item-knn").Select(Figures));
        alone.Slices.ShouldBe(together.Slices.Where(s => s.Model == "item-knn"));
    }

    [Fact]
    public void A_command_says_what_was_not_the_default()
    {
        var altered = ReportedRun.Of(new([Contestant.Of(Recommenders.Named("ease"), new Dictionary<string, string> { ["ridge"] = "300" })]) { Ks = [10], Seed = 7, Ties = TimeTies.Hash, Twice = true }, new("0123abcd", false));
        RecomputeCommand.Of(altered, ReportedExample.MadeUp() with { Protocol = "random", Folds = 5 })
            .ShouldBe("./recs evaluate --data data/ml-1m --protocol random --folds 5 --models ease --k 10 --set ease.ridge=300 --seed 7 --ties hash --twice --json -");
    }

    /// <summary>All that may not depend on the machine.</summary>
    private static EvaluationRow Figures(EvaluationRow row) => row with { TrainSeconds = 0, CpuSeconds = 0, PeakMiB = 0, P50Ms = 0, P95Ms = 0, P99Ms = 0, UsersPerSecond = 0 };
}
