using System.Text.Json;
using Recs.Host.Reporting;
using Recs.Training.Evaluating;
using Recs.Training.Fitting;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Verbs;

public sealed class TrainingVerbsTests
{
    [Fact]
    public async Task a_version_is_trained_listed_promoted_and_reproduced_from_an_empty_artifact_folder()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await recs.RunAsync("import", "--data", recs.Data);
        await recs.RunAsync("train", "all", "--seed", "7");
        (await recs.RunAsync("models", "promote", "linear-autoregression-v0.1", "--reason", "a test")).Output.ShouldContain("is in production");
        (await recs.ReportAsync("models", "list")).GetProperty("champion").GetString().ShouldBe("linear-autoregression-v0.1");
        (await recs.RunAsync("models", "show", "linear-autoregression-v0.1")).Output.ShouldContain("a test");
        Directory.Delete(recs.PathOf("home/models"), recursive: true);
        (await recs.ReportAsync("reproduce", "linear-autoregression-v0.1")).GetProperty("verdict").GetString().ShouldBe("identical");
    }

    [Fact]
    public async Task an_altered_rating_breaks_the_snapshot_the_reproduction_and_the_check()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await recs.RunAsync("import", "--data", recs.Data);
        await recs.RunAsync("snapshot", "take", "--id", "pinned");
        await recs.RunAsync("train", "popularity", "--snapshot", "pinned");
        await recs.RunAsync("snapshot", "verify", "pinned");
        (await recs.AlterAsync("""update recs.mt_events set data = jsonb_set(data, '{MovieId}', '"39"') where seq_id = 100""")).ShouldBe(1);
        (await recs.TryAsync("snapshot", "verify", "pinned")).ExitCode.ShouldBe(1);
        (await recs.TryAsync("reproduce", "popularity-v0.1")).ExitCode.ShouldBe(1);
        var check = await recs.TryAsync("check");
        check.ExitCode.ShouldBe(1);
        check.Output.ShouldContain("BROKEN  snapshots-hold");
    }

    [Fact]
    public async Task an_altered_byte_of_a_model_breaks_the_check()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await recs.RunAsync("import", "--data", recs.Data);
        await recs.RunAsync("train", "popularity");
        await recs.RunAsync("projections", "rebuild", "all");
        await recs.RunAsync("check");
        var file = Directory.GetFiles(recs.PathOf("home/models/content"), "model.bin", SearchOption.AllDirectories).Single();
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        var check = await recs.TryAsync("check", "--json", "-");
        check.ExitCode.ShouldBe(1);
        WorkingRecs.Read(check.Output).GetProperty("invariants").EnumerateArray().Where(i => !i.GetProperty("held").GetBoolean())
            .Select(i => i.GetProperty("name").GetString()).ShouldBe(["artifacts-whole"]);
    }

    [Fact]
    public async Task an_evaluation_that_is_refused_leaves_a_former_file_of_lists_as_it_was()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var slates = recs.PathOf("slates.csv");
        await File.WriteAllTextAsync(slates, "precious");
        (await recs.TryAsync("evaluate", "--data", recs.Data, "--models", "popularity", "--protocol", "random", "--slates", slates)).ExitCode.ShouldBe(2);
        (await recs.TryAsync("evaluate", "--data", recs.PathOf("no-such-folder"), "--models", "popularity", "--slates", slates)).ExitCode.ShouldBe(2);
        (await File.ReadAllTextAsync(slates)).ShouldBe("precious");
        Directory.GetFiles(Path.GetDirectoryName(slates)!, "*.part").ShouldBeEmpty();
    }

    [Fact]
    public async Task a_reranker_that_is_named_twice_in_two_spellings_is_judged_once()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var report = await recs.ReportAsync("evaluate", "--data", recs.Data, "--models", "popularity", "--k", "5", "--rerank", "mmr:1,mmr:1.0");
        report.GetProperty("rows").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task a_fit_that_diverges_is_told_with_its_model_and_the_others_are_judged()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var run = await recs.TryAsync("evaluate", "--data", recs.Data, "--protocol", "random", "--models", "nmf,svd", "--set", "svd.rate=1");
        (run.ExitCode, run.Error.Trim().Split('\n').Length, run.Error.Contains("svd")).ShouldBe((1, 1, true), run.Error);
        run.Output.ShouldContain("FAILED svd: The fit diverged");
        run.Output.Split('\n').ShouldContain(line => line.StartsWith("nmf"));
        run.Output.ShouldContain("Warning: Only 20 people are judged");
    }

    [Fact]
    public async Task predictions_are_written_for_whoever_recomputes_the_errors()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var file = recs.PathOf("predictions.csv");
        var report = await recs.ReportAsync("evaluate", "--data", recs.Data, "--protocol", "random", "--models", "nmf", "--predictions", file);
        var lines = await File.ReadAllLinesAsync(file);
        (lines[0], lines.Length).ShouldBe(("model,user,movie,actual,predicted", 1 + report.GetProperty("heldOut").GetInt32()));
        await recs.TryAsync("evaluate", "--data", recs.Data, "--models", "nmf", "--predictions", file); // makes lists
        (await File.ReadAllLinesAsync(file)).ShouldBe(lines, "a run that is refused leaves the file as it was");
    }

    [Fact]
    public async Task what_re_rankers_do_to_the_best_model_is_on_the_leaderboard()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var docs = recs.PathOf("docs");
        string[] command =
        [
            "evaluate", "--data", recs.Data, "--protocol", "all", "--models", "popularity,item-knn", "--k", "5",
            "--rerank", "item-knn+mmr:0.3,item-knn+dpp:0.3,item-knn+genre-calibrated:0.3,item-knn+popularity-calibrated:0.3", "--report", docs,
        ];
        await recs.RunAsync(command);
        var page = await File.ReadAllTextAsync(Path.Combine(docs, "leaderboard.md"));
        foreach (var order in new[] { "score", "mmr 0.3", "dpp 0.3", "genre-calibrated 0.3", "popularity-calibrated 0.3" })
            page.ShouldContain($"| [item-knn](model-cards/item-knn.md) | {order} |");
        page.ShouldNotContain("| [popularity](model-cards/popularity.md) | score |");
        page.ShouldContain("--rerank " + command[^3] + " --report docs");
        (await File.ReadAllTextAsync(Path.Combine(docs, "model-cards", "item-knn.md"))).ShouldContain(" of 2 by NDCG@5."); // re-ranked rows take no model's place
        (await File.ReadAllTextAsync(Path.Combine(docs, "model-cards", "popularity.md"))).ShouldNotContain("--rerank");
        (await recs.RunAsync("evaluate", "--data", recs.Data, "--models", "popularity,item-knn", "--k", "5", "--rerank", "item-knn+mmr:0.3")).Output.ShouldContain("Lists of 5 of item-knn, re-ranked");
    }

    [Theory]
    [InlineData("--set gives ease.ridge twice", "evaluate", "--models", "ease", "--set", "ease.ridge=1", "--set", "ease.ridge=2")]
    [InlineData("--set gives ridge twice", "train", "ease", "--set", "ridge=1", "--set", "ridge=2")]
    [InlineData("not every model has this option; bpr, ease, ", "train", "all", "--set", "ridge=1")]
    [InlineData("popularity has no such option (it has none); bpr, ease, ", "train", "popularity", "--set", "ridge=1")]
    [InlineData("ease has no such option", "evaluate", "--models", "ease", "--set", "ease.ridgee=1")]
    [InlineData("'ease' cannot be re-ranked", "evaluate", "--models", "popularity", "--rerank", "ease+mmr:0.3")]
    [InlineData("makes lists and predicts no ratings", "evaluate", "--predictions", "predictions.csv")]
    [InlineData("--memory 0 is not at least 1 MiB", "evaluate", "--memory", "0")]
    [InlineData("--models names ease twice", "evaluate", "--models", "ease,popularity,ease")]
    public async Task a_wrong_option_is_told_with_what_would_be_right(string said, params string[] args)
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var run = await recs.TryAsync(args);
        (run.ExitCode, run.Error.Trim().Split('\n').Length).ShouldBe((2, 1), run.Error);
        run.Error.ShouldContain(said);
    }

    [Fact]
    public async Task evaluate_judges_a_folder_without_a_database_and_writes_the_lists()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var slates = recs.PathOf("slates.csv");
        var report = await recs.ReportAsync("evaluate", "--data", recs.Data, "--models", "popularity", "--k", "5", "--slates", slates);
        report.GetProperty("evaluatedUsers").GetInt32().ShouldBe(30);
        var row = report.GetProperty("rows").EnumerateArray().Single();
        (row.GetProperty("model").GetString(), row.GetProperty("k").GetInt32()).ShouldBe(("popularity", 5));
        (await File.ReadAllLinesAsync(slates)).Length.ShouldBe(1 + (30 * 5));
    }

    [Theory]
    [InlineData("temporal", true)]
    [InlineData("leave-last-out", true)]
    [InlineData("random", false)]
    public async Task evaluate_reports_what_the_protocol_defines_and_null_for_the_rest(string protocol, bool lists)
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var report = await recs.ReportAsync("evaluate", "--data", recs.Data, "--models", "popularity,ease", "--protocol", protocol, "--k", "5", "--set", "ease.ridge=300");
        report.GetProperty("protocol").GetString().ShouldBe(protocol);
        foreach (var row in report.GetProperty("rows").EnumerateArray())
            (row.GetProperty("ndcg").ValueKind == System.Text.Json.JsonValueKind.Number).ShouldBe(lists);
        report.GetProperty("comparisons").GetArrayLength().ShouldBe(lists ? 2 : 0);
        report.GetProperty("slices").EnumerateArray().Count(s => s.GetProperty("slice").GetString() == "age" && s.GetProperty("value").GetString() == "25-34").ShouldBe(lists ? 2 : 0);
    }

    [Fact]
    public async Task evaluate_says_that_a_data_set_is_too_small_for_a_protocol()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var run = await recs.TryAsync("evaluate", "--data", recs.Data, "--models", "popularity", "--protocol", "users"); // nobody has more than ten ratings
        (run.ExitCode, run.Error.Contains("too small for the protocol 'users'")).ShouldBe((2, true), run.Error);
    }

    [Fact]
    public async Task evaluate_writes_a_leaderboard_and_cards_and_goes_on_where_it_was()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var docs = recs.PathOf("docs");
        string[] command = ["evaluate", "--data", recs.Data, "--protocol", "all", "--models", "popularity,item-knn", "--k", "5", "--report", docs];
        var first = await recs.RunAsync(command);
        Directory.GetFiles(Path.Combine(docs, "leaderboard")).Select(Path.GetFileName).Order().ShouldBe(["run.json", "tiny-leave-last-out.json", "tiny-random.json"]);
        Directory.GetFiles(Path.Combine(docs, "model-cards")).Select(Path.GetFileName).Order().ShouldBe(["item-knn.md", "popularity.md"]);
        var page = await File.ReadAllTextAsync(Path.Combine(docs, "leaderboard.md"));
        page.ShouldContain("- Not run here: temporal."); // the times of the made-up people are a second apart
        page.ShouldContain("- Not run here: users."); // nobody has more than ten ratings
        first.Output.ShouldContain("wrote " + Path.Combine(docs, "leaderboard.md") + " and 2 model cards from 2 reports");

        var written = await File.ReadAllTextAsync(Path.Combine(docs, "leaderboard", "tiny-leave-last-out.json"));
        using var output = new StringWriter();
        new Terminal(output, TextWriter.Null, interactive: false).Report("-", JsonSerializer.Deserialize(written, EvaluationJson.Default.EvaluationReport));
        written.ReplaceLineEndings().ShouldBe(output.ToString().ReplaceLineEndings(), "a report is what --json gives");
    }

    [Theory]
    [InlineData("--protocol", "all", "--json", "-")]
    [InlineData("--protocol", "all", "--slates", "slates.csv")]
    [InlineData("--report", "docs", "--json", "-")]
    public async Task evaluate_refuses_one_file_for_several_reports(params string[] args)
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var run = await recs.TryAsync(["evaluate", "--data", recs.Data, .. args]);
        (run.ExitCode, run.Error.Trim().Split('\n').Length).ShouldBe((2, 1), run.Error);
        File.Exists("slates.csv").ShouldBeFalse();
    }

    [Fact]
    public async Task a_version_may_be_named_by_its_model_or_by_its_number_where_that_is_clear()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await recs.RunAsync("import", "--data", recs.Data);
        await recs.RunAsync("train", "popularity");
        (await recs.TryAsync("models", "promote", "linear-autoregression")).ExitCode.ShouldBe(2, "it was never trained");
        (await recs.RunAsync("models", "promote", "v0.1")).Output.ShouldContain("popularity-v0.1 is in production");
        await recs.RunAsync("train", "popularity", "--seed", "2");
        (await recs.RunAsync("reproduce", "popularity")).Output.ShouldContain("popularity-v0.2: identical");
        var nothing = await recs.TryAsync("models", "show", "nope");
        (nothing.ExitCode, nothing.Error.Contains("Models with a version: popularity; 'recs models list'")).ShouldBe((2, true), nothing.Error);
        (await recs.RunAsync("models", "promote", "popularity")).Output.ShouldContain("popularity-v0.2 is in production");
        await recs.RunAsync("train", "linear-autoregression");
        var either = await recs.TryAsync("models", "promote", "v0.1");
        (either.ExitCode, either.Error.Contains("linear-autoregression-v0.1 or popularity-v0.1")).ShouldBe((2, true), either.Error);
        (await recs.TryAsync("models", "promote", "v0.9")).ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task production_is_rolled_back_and_its_history_is_shown()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await recs.RunAsync("import", "--data", recs.Data);
        foreach (var model in new[] { "popularity", "linear-autoregression" })
        {
            await recs.RunAsync("train", model);
            await recs.RunAsync("models", "promote", model, "--reason", "a test");
        }
        (await recs.RunAsync("models", "rollback", "--reason", "worse")).Output.ShouldContain("popularity-v0.1 is in production again");
        (await recs.TryAsync("models", "rollback")).ExitCode.ShouldBe(2, "nothing was in production before");
        var history = await recs.ReportAsync("models", "history");
        history.GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("reason").GetString()).ShouldBe(["worse", "a test", "a test"]);
        var first = history.GetProperty("changes")[2].GetProperty("sequence").GetInt64();
        (await recs.ReportAsync("models", "history", "--at", $"{first}")).GetProperty("inProduction").GetProperty("version").GetString().ShouldBe("popularity-v0.1");
        await recs.RunAsync("projections", "rebuild", "all");
        (await recs.RunAsync("check")).Output.ShouldContain("trainings-answered-once");
    }

    [Fact]
    public async Task training_on_an_empty_log_leaves_nothing_behind()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        (await recs.TryAsync("train", "popularity")).ExitCode.ShouldBe(2);
        (await recs.CountAsync("select count(*) from recs.mt_events")).ShouldBe(0);
        (await recs.CountAsync("select count(*) from recs.recs_training_jobs")).ShouldBe(0);
    }

    [Fact]
    public async Task versions_without_figures_are_listed_with_how_to_get_some()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        (await recs.RunAsync("models", "list")).Output.ShouldContain("'recs train all' does");
        await recs.RunAsync("import", "--data", recs.Data);
        await recs.RunAsync("train", "popularity");
        var said = (await recs.RunAsync("models", "list")).Output;
        (said.Split('\n')[0].Contains("ndcg@10  rmse"), said.Contains("A dash: no such figure")).ShouldBe((true, true), said);
    }

    [Fact]
    public async Task a_training_that_is_stopped_stays_open_until_it_is_gone_on_with()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await recs.RunAsync("import", "--data", recs.Data);
        (await recs.TryAsync("train", "all", "--resume")).ExitCode.ShouldBe(2, "nothing was stopped yet");
        using var train = RecsProcess.Start(recs.PathOf("home"), "train", "all", "--parallel", "1", "--db", recs.ConnectionString);
        await train.HearAsync($"training {Recommenders.All[^1].Name} on snapshot"); // all of them are asked for
        train.Terminate();
        (await train.EndAsync()).ShouldBe(130, train.Said);
        train.Said.ShouldContain("'recs train all --resume' goes on");
        var open = await recs.ReportAsync("train", "list");
        foreach (var job in open.EnumerateArray())
            train.Said.ShouldContain($"  {job.GetProperty("trainingId").GetString()}  {job.GetProperty("model").GetString()}");
        (await recs.RunAsync("train", "list")).Output.ShouldContain("nobody works on it");
        (await recs.CountAsync("select count(*) from recs.recs_training_jobs where ended_at is null and holder is null")).ShouldBeGreaterThan(0);

        (await recs.TryAsync("train", "all", "--resume", "--seed", "2")).Error.ShouldContain("--seed is for a new training");
        (await recs.RunAsync("train", "ease", "--resume")).Output.ShouldContain("of ease, asked for at");
        (await recs.CountAsync("select count(*) from recs.recs_training_jobs where model = 'ease' and outcome = 'trained'")).ShouldBe(1);
        (await recs.CountAsync("select count(*) from recs.mt_events where type = 'snapshot_taken'")).ShouldBe(1);
        (await recs.RunAsync("train", "popularity")).Output.ShouldNotContain("of ease is still open");
    }

    [Fact]
    public async Task a_training_says_how_to_call_it_off_and_one_that_has_ended_is_not_called_off()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await recs.RunAsync("import", "--data", recs.Data);
        var said = (await recs.RunAsync("train", "popularity")).Output;
        var id = System.Text.RegularExpressions.Regex.Match(said, "train cancel ([0-9a-f]{32})").Groups[1].Value;
        var late = await recs.TryAsync("train", "cancel", id);
        (late.ExitCode, late.Output.Contains("had ended already: trained, popularity-v0.1")).ShouldBe((1, true), late.Output + late.Error);
        (await recs.RunAsync("train", "list")).Output.ShouldContain("No training is open.");
    }

    [Fact]
    public async Task one_that_is_called_off_twice_says_who_was_first()
    {
        await using var recs = await WorkingRecs.CreateAsync();
        await recs.RunAsync("import", "--data", recs.Data);
        using var train = RecsProcess.Start(recs.PathOf("home"), "train", "all", "--parallel", "1", "--db", recs.ConnectionString);
        await train.HearAsync($"training {Recommenders.All[^1].Name} on snapshot");
        var id = (await recs.ReportAsync("train", "list")).EnumerateArray().Last().GetProperty("trainingId").GetString()!;
        (await recs.RunAsync("train", "cancel", id, "--reason", "no need")).Output.ShouldContain(" is called off.");
        var again = (await recs.RunAsync("train", "cancel", id, "--reason", "no need either")).Output;
        again.ShouldContain("was called off already, at ");
        again.ShouldContain(": no need.");
    }

    [Theory]
    [InlineData("train", "cancel", "no-such-training")]
    [InlineData("models", "history", "--at", "yesterday")]
    [InlineData("models", "rollback")]
    [InlineData("train", "no-such-model")]
    [InlineData("train", "linear-autoregression", "--set", "ridge")]
    [InlineData("train", "linear-autoregression", "--set", "ridge=-1")]
    [InlineData("train", "popularity")]
    [InlineData("models", "show", "popularity-v0.9")]
    [InlineData("models", "promote", "nonsense")]
    [InlineData("reproduce", "popularity-v0.9")]
    [InlineData("snapshot", "show", "none")]
    [InlineData("snapshot", "take", "--through", "99")]
    [InlineData("evaluate", "--k", "0")]
    [InlineData("evaluate", "--folds", "5")]
    [InlineData("evaluate", "--protocol", "random", "--folds", "0")]
    [InlineData("evaluate", "--protocol", "random", "--slates", "lists.csv")]
    [InlineData("evaluate", "--memory", "0")]
    [InlineData("evaluate", "--set", "ease.ridge")]
    [InlineData("evaluate", "--set", "ease.no-such-option=1")]
    [InlineData("evaluate", "--models", "popularity", "--set", "ease.ridge=300")]
    [InlineData("evaluate")]
    [InlineData("evaluate", "--report", "docs")]
    [InlineData("replay")]
    [InlineData("replay", "not-a-uuid")]
    [InlineData("replay", "0193a5c0f1b27c0e8d6f000000000000")]
    [InlineData("replay", "--last", "0")]
    [InlineData("projections", "rebuild", "no-such-projection")]
    public async Task what_is_not_there_is_one_line_and_exit_code_2(params string[] args)
    {
        await using var recs = await WorkingRecs.CreateAsync();
        var run = await recs.TryAsync(args);
        run.ExitCode.ShouldBe(2, run.Output + run.Error);
        run.Error.Trim().Split('\n').Length.ShouldBe(1);
    }
}
