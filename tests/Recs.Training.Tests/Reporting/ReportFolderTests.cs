using System.Text.Json;
using Recs.Training.Evaluating;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Fitting;
using Recs.Training.Reporting;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Reporting;

public class ReportFolderTests
{
    private static readonly string[] Cards = ["item-knn.md", "knn-baseline.md", "popularity.md"];

    [Fact]
    public void A_run_writes_its_reports_its_manifest_a_leaderboard_and_a_card_per_model()
    {
        using var folder = new TemporaryFolder();
        ReportedExample.Write(folder);
        Names(folder.Path).ShouldBe(["leaderboard.md"]);
        Names(Path.Combine(folder.Path, "leaderboard")).ShouldBe(["generated-leave-last-out.json", "generated-random.json", "generated-users.json", "run.json"]);
        Names(Path.Combine(folder.Path, "model-cards")).ShouldBe(Cards);
        var report = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder.Path, "leaderboard", "generated-users.json")), EvaluationJson.Default.EvaluationReport)!;
        report.Rows.ShouldBe(ReportedExample.Reports.Single(r => r.Protocol == "users").Rows);
    }

    [Fact]
    public void The_same_run_goes_on_with_the_reports_that_it_has()
    {
        using var folder = new TemporaryFolder();
        ReportFolder.Open(folder.Path, ReportedExample.Run()).Add(ReportedExample.Reports[0]);
        var next = ReportFolder.Open(folder.Path, ReportedExample.Run());
        next.Find("generated", ReportedExample.Data.Sha256, new HeldOutUsers()).ShouldNotBeNull().Rows.ShouldBe(ReportedExample.Reports[0].Rows);
        next.Find("generated", "another sha256", new HeldOutUsers()).ShouldBeNull();
        next.Find("generated", ReportedExample.Data.Sha256, new LeaveLastOut()).ShouldBeNull();
    }

    [Fact]
    public void Another_code_other_options_or_uncommitted_changes_begin_anew()
    {
        using var folder = new TemporaryFolder();
        ReportedExample.Write(folder);
        var options = ReportedRun.Of(ReportedExample.Plan with { Contestants = [Contestant.Of(Recommenders.Named("item-knn"), new Dictionary<string, string> { ["neighbours"] = "5" })] }, new("0123abcd", false));
        foreach (var run in new[] { ReportedExample.Run("4567ef"), ReportedExample.Run(dirty: true), ReportedExample.Run() with { Seed = 2 }, options })
        {
            var other = ReportFolder.Open(folder.Path, run);
            other.Reports.ShouldBeEmpty();
            other.Replaced.ShouldNotBeNull().Reports.Count.ShouldBe(3);
        }

        ReportFolder.Open(folder.Path, ReportedExample.Run()).Reports.Count.ShouldBe(3); // opening alone took nothing away
        var replacing = ReportFolder.Open(folder.Path, options);
        replacing.Add(new EvaluateModels(TimeProvider.System).Run("generated", ReportedExample.Data, ReportedExample.Plan with { Contestants = [ReportedExample.Models[1]] }, new()));
        replacing.WritePages(Recommenders.All);
        Names(Path.Combine(folder.Path, "leaderboard")).ShouldBe(["generated-leave-last-out.json", "run.json"]);
        Names(Path.Combine(folder.Path, "model-cards")).ShouldBe(["item-knn.md"]);
    }

    [Fact]
    public void A_report_that_was_altered_by_hand_is_made_again()
    {
        using var folder = new TemporaryFolder();
        ReportedExample.Write(folder);
        var file = Path.Combine(folder.Path, "leaderboard", "generated-users.json");
        File.WriteAllText(file, File.ReadAllText(file).Replace("\"popularity\"", "\"popularitY\"", StringComparison.Ordinal));
        var again = ReportFolder.Open(folder.Path, ReportedExample.Run());
        again.Find("generated", ReportedExample.Data.Sha256, new HeldOutUsers()).ShouldBeNull();
        again.Reports.Count.ShouldBe(2);
    }

    [Fact]
    public void A_manifest_that_was_cut_off_begins_anew()
    {
        using var folder = new TemporaryFolder();
        ReportedExample.Write(folder);
        var manifest = Path.Combine(folder.Path, "leaderboard", "run.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest)[..50]);
        ReportFolder.Open(folder.Path, ReportedExample.Run()).Reports.ShouldBeEmpty();
    }

    [Fact]
    public void What_was_left_out_is_told_with_its_reason()
    {
        using var folder = new TemporaryFolder();
        var open = ReportFolder.Open(folder.Path, ReportedExample.Run());
        open.Add(ReportedExample.Reports[0]);
        open.LeaveOut(new("generated", "temporal", "its times are made up"));
        open.WritePages(Recommenders.All);
        File.ReadAllText(Path.Combine(folder.Path, "leaderboard.md")).ShouldContain("- Not run here: temporal. its times are made up.");
        ReportFolder.Open(folder.Path, ReportedExample.Run()).Run.LeftOut.ShouldHaveSingleItem();
    }

    [Fact]
    public void Times_that_were_laid_out_evenly_are_told_from_those_that_were_not()
    {
        EvenTimes.Objection(GeneratedData.Interactions()).ShouldNotBeNull().ShouldContain("exactly 1 s after");
        var uneven = new InteractionSetBuilder();
        for (var i = 0; i < 100; i++)
            uneven.Add("u", $"m{i}", 8, 1000L * (i + (i * i)));
        EvenTimes.Objection(uneven.Build()).ShouldBeNull();
        var atOnce = new InteractionSetBuilder(); // a clock of whole days
        for (var i = 0; i < 100; i++)
            atOnce.Add("u", $"m{i}", 8, 86_400_000L * (i / 20));
        EvenTimes.Objection(atOnce.Build()).ShouldBeNull();
    }

    private static IEnumerable<string> Names(string folder) => Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);
}
