using Recs.Contracts.Registry;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;
using Recs.Training.Tuning;

namespace Recs.Training.Tests.Tuning;

public class TunedOptionsTests
{
    private static readonly OptionDescription[] Options = [new("tau", "decay", 0.5, 10, 4, "a test"), new("ridge", "penalty", 1, 1000, 200, "a test")];

    [Fact]
    public void What_is_given_wins_then_what_was_tuned_last_then_the_built_in_default()
    {
        var chosen = ChosenOptions.Of(
            [.. Options, new("floor", "weight", 0, 1, 0.5, "a test")], new Dictionary<string, string> { ["tau"] = "2" }, [Tuned("new", ("tau", "9")), Tuned("old", ("tau", "8"), ("ridge", "300"))]);
        chosen.Values.ToText().ShouldBe(new Dictionary<string, string> { ["floor"] = "0.5", ["ridge"] = "300", ["tau"] = "2" });
        chosen.Sources.ShouldBe(new Dictionary<string, string> { ["floor"] = "built-in", ["ridge"] = "old", ["tau"] = "given" });
    }

    [Fact]
    public void A_tuned_value_that_the_option_may_no_longer_have_is_passed_over() =>
        ChosenOptions.Of(Options, new Dictionary<string, string>(), [Tuned("new", ("tau", "99"), ("gone", "1")), Tuned("old", ("tau", "8"))]).Sources["tau"].ShouldBe("old");

    [Fact]
    public void A_tuning_of_another_arithmetic_is_none()
    {
        var recommender = Recommenders.Named("item-knn");
        var now = new TuningPlan(recommender, TuningMetric.Ndcg);
        OptionsTuned Of(int? version, string id) => Tuned(id) with { Model = recommender.Name, FormatVersion = version };
        TunedOptions.IsOf(Of(recommender.FormatVersion, "any"), recommender).ShouldBeTrue();
        TunedOptions.IsOf(Of(recommender.FormatVersion - 1, now.Id("sha")), recommender).ShouldBeFalse();
        TunedOptions.IsOf(Of(null, now.Id("sha")), recommender).ShouldBeTrue("it did not tell, but the same question would be asked today");
        TunedOptions.IsOf(Of(null, "item-knn-0123456789abcdef"), recommender).ShouldBeFalse();
    }

    [Fact]
    public async Task A_training_uses_what_a_tuning_in_the_log_chose_unless_told_not_to()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var snapshot = await database.SnapshotOfAsync(GeneratedData.Interactions(users: 12, movies: 15, perUser: 8));
        var plan = TuningPlan.Of(Recommenders.Named("item-knn"), trials: 3);
        var report = await new TuneOptions(TimeProvider.System).RunAsync("s", snapshot.Data, plan, database.Tuning, new());
        await new TuneOptions(TimeProvider.System).RunAsync("s", snapshot.Data, plan, database.Tuning, new());
        (await database.Tuning.TrialsAsync(report.TuningId, default)).Count.ShouldBe(report.Trials.Count, "the second run had nothing to do");
        (await database.Tuned.OfAsync("item-knn")).Count.ShouldBe(1);

        var neighbours = report.Tuned!.Options["neighbours"];
        var tuned = await TrainAsync(database, snapshot, "t1", builtIn: false);
        (tuned.Options["neighbours"], tuned.OptionSources!["neighbours"], tuned.OptionSources["tau"]).ShouldBe((neighbours, report.TuningId, "given"));
        var builtIn = await TrainAsync(database, snapshot, "t2", builtIn: true);
        (builtIn.Options["neighbours"], builtIn.OptionSources!["neighbours"]).ShouldBe(("50", "built-in"));
        (await database.Models.VersionAsync(tuned.Version)).Trained.OptionSources!["neighbours"].ShouldBe(report.TuningId);
    }

    private static Task<ModelTrained> TrainAsync(TrainingDatabase database, LoadedSnapshot snapshot, string id, bool builtIn)
        => database.Train.RunAsync(new(id, "item-knn", new Dictionary<string, string> { ["tau"] = "2" }, 1, "a test", "to see", builtIn), snapshot, new());

    private static OptionsTuned Tuned(string id, params (string Name, string Value)[] options)
        => new(id, "model", 1, options.ToDictionary(o => o.Name, o => o.Value), "ndcg@10", 0.5, 0.4, "s", "sha", 1, 27, DateTimeOffset.UnixEpoch);
}
