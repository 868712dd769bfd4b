using Recs.Training.Evaluating;
using Recs.Training.Fitting;
using Recs.Training.Registry;

namespace Recs.Training.Tests.Registry;

public class PromoteModelTests
{
    [Fact]
    public async Task The_version_promoted_last_is_the_champion_whatever_its_model()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var snapshot = await database.SnapshotOfAsync(GeneratedData.Interactions(users: 5, movies: 6, perUser: 5));
        foreach (var model in new[] { "popularity", "linear-autoregression" })
            await database.Train.RunAsync(new("t-" + model, model, new Dictionary<string, string>(), 1, "a test", "to see"), snapshot, new());
        (await database.Models.ChampionAsync()).ShouldBeNull();

        (await database.Promote.RunAsync("linear-autoregression-v0.1", "a test", "best")).Previous.ShouldBeNull();
        (await database.Promote.RunAsync("popularity-v0.1", "a test", "simple")).Previous.ShouldBe("linear-autoregression-v0.1");
        (await database.Models.ChampionAsync())!.Trained.Version.ShouldBe("popularity-v0.1");
    }

    [Fact]
    public async Task A_version_that_is_not_there_or_a_promotion_without_a_reason_is_refused()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        (await Should.ThrowAsync<ArgumentException>(() => database.Promote.RunAsync("popularity-v0.9", "me", "why not"))).Message.ShouldContain("never trained");
        await Should.ThrowAsync<ArgumentException>(() => database.Promote.RunAsync("popularity-v0.1", "me", " "));
    }

    [Fact]
    public async Task An_evaluation_is_recorded_with_its_version()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var snapshot = await database.SnapshotOfAsync(GeneratedData.Interactions(users: 5, movies: 6, perUser: 5));
        await database.Train.RunAsync(new("t", "popularity", new Dictionary<string, string>(), 1, "a test", "to see"), snapshot, new());
        var report = new EvaluateModels(TimeProvider.System).Run("generated", snapshot.Data, new([Contestant.Of(Recommenders.Named("popularity"))]) { Ks = [3] }, new());
        await new RecordEvaluation(database.Models, database.Appender, database.Types, TimeProvider.System).RunAsync("popularity-v0.1", report);
        var evaluated = (await database.Models.VersionAsync("popularity-v0.1")).Evaluations.Single();
        evaluated.Metrics["hr@3"].ShouldBe(report.Rows[0].Hr!.Value);
        evaluated.Protocol.ShouldBe("leave-last-out");
    }
}
