using Recs.Contracts.Registry;
using Recs.Host.Verbs;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Verbs;

public sealed class TuneVerbTests
{
    [Fact]
    public async Task what_a_tuning_chose_is_what_the_next_training_uses()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await recs.RunAsync("import", "--data", recs.Data);
        var tuned = (await recs.ReportAsync("tune", "item-knn", "--trials", "3")).GetProperty("tuned");
        var (id, neighbours) = (tuned.GetProperty("tuningId").GetString()!, tuned.GetProperty("options").GetProperty("neighbours").GetString());
        (await recs.RunAsync("train", "item-knn", "--set", "tau=2")).Output.ShouldContain($"tuned by {id}");
        var shown = (await recs.RunAsync("models", "show", "item-knn")).Output;
        shown.ShouldContain($"neighbours={neighbours} ({id})");
        shown.ShouldContain("tau=2 (given)");
        await recs.RunAsync("train", "item-knn", "--defaults", "built-in");
        (await recs.RunAsync("models", "show", "item-knn")).Output.ShouldContain("neighbours=50 (built-in)");
        (await recs.ReportAsync("tune", "item-knn", "--trials", "3")).GetProperty("tuned").GetProperty("tuningId").GetString().ShouldBe(id, "the same question");
    }

    [Fact]
    public async Task a_data_set_is_tuned_on_without_a_database_and_its_trials_are_kept_in_a_file()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        string[] tune = ["tune", "item-knn", "--trials", "3", "--data", recs.Data];
        var stopped = await recs.TryAsync([.. tune, "--minutes", "0.0000001"]);
        (stopped.ExitCode, stopped.Output.Contains("it goes on")).ShouldBe((1, true), stopped.Output + stopped.Error);
        var report = await recs.ReportAsync(tune);
        var lines = await File.ReadAllLinesAsync(recs.PathOf("home/tuning-item-knn.jsonl"));
        lines.Length.ShouldBe(report.GetProperty("trials").GetArrayLength() + 1);
        await recs.RunAsync(tune);
        (await File.ReadAllLinesAsync(recs.PathOf("home/tuning-item-knn.jsonl"))).ShouldBe(lines);
    }

    [Fact]
    public async Task a_tuning_says_that_few_people_judge()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        (await recs.RunAsync("tune", "item-knn", "--trials", "1", "--data", recs.Data)).Output.ShouldContain("Warning: Only 30 people are judged");
    }

    [Fact]
    public void a_tuning_says_why_trials_failed()
    {
        TuningTrialEnded Trial(int number, string? failure) => new("svd-1", "svd", number, 0, 0.5, new Dictionary<string, string>(), "rmse", failure is null ? 1 : null, failure, 1, default);
        TuneVerb.Remarks(new("svd-1", "svd", "rmse", 5, [Trial(0, null), Trial(1, "It diverged."), Trial(2, "b"), Trial(3, "c"), Trial(4, "d")], null) { Warnings = ["Few."] })
            .ShouldBe(["Trial 1 failed on 50 % of the people: It diverged.", "Trial 2 failed on 50 % of the people: b", "Trial 3 failed on 50 % of the people: c",
                "1 more judgements failed (--json has the reasons).", "Warning: Few."]);
    }

    [Fact]
    public async Task a_data_set_of_a_few_ratings_is_not_tuned_on()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await File.WriteAllLinesAsync(Path.Combine(recs.Data, "ratings.dat"), (await File.ReadAllLinesAsync(Path.Combine(recs.Data, "ratings.dat"))).Take(40));
        var run = await recs.TryAsync("tune", "svd", "--data", recs.Data);
        (run.ExitCode, run.Error.Contains("too small to tune on")).ShouldBe((2, true), run.Error);
    }

    [Fact]
    public async Task a_fit_that_diverges_is_one_line_and_exit_code_1()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await recs.RunAsync("import", "--data", recs.Data);
        var run = await recs.TryAsync("train", "bpr", "--set", "rate=10", "--set", "regularization=10");
        (run.ExitCode, run.Error.Trim().Split('\n').Length, run.Error.Contains("diverged")).ShouldBe((1, 1, true), run.Error);
    }

    [Theory]
    [InlineData("tune", "no-such-model")]
    [InlineData("tune", "item-knn", "--metric", "rmse")]
    [InlineData("tune", "item-knn", "--trials", "0")]
    [InlineData("tune", "item-knn", "--minutes", "0")]
    [InlineData("tune", "item-knn", "--out", "trials.jsonl")]
    [InlineData("tune", "item-knn", "--data", "/no/such/folder")]
    [InlineData("tune", "item-knn")]
    [InlineData("train", "all", "--parallel", "0")]
    public async Task what_cannot_be_tuned_is_one_line_and_exit_code_2(params string[] args)
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var run = await recs.TryAsync(args);
        run.ExitCode.ShouldBe(2, run.Output + run.Error);
        run.Error.Trim().Split('\n').Length.ShouldBe(1);
    }
}
