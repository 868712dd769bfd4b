using Recs.Contracts.Registry;
using Recs.Training.Fitting;
using Recs.Training.Registry;

namespace Recs.Training.Tests.Registry;

public class ProductionHistoryTests
{
    [Fact]
    public void A_roll_back_goes_to_what_the_last_promotion_replaced_down_to_the_first()
    {
        var history = Fold(Promoted("a"), Promoted("b"), RolledBack("a"), Promoted("c"));
        (history.Current!.Version, history.RollsBackTo).ShouldBe(("c", "a"));
        history = history.Apply(RolledBack("a"), 9);
        (history.Current!.Version, history.RollsBackTo).ShouldBe(("a", null));
        history.Changes.Select(c => c.Previous).ShouldBe([null, "a", "b", "a", "c"]);
    }

    [Fact]
    public void A_promotion_of_what_is_in_production_already_changes_no_way_back()
        => Fold(Promoted("a"), Promoted("b"), Promoted("b")).RollsBackTo.ShouldBe("a");

    [Fact]
    public void A_version_that_comes_back_by_promotion_can_be_rolled_back_too()
    {
        var history = Fold(Promoted("a"), Promoted("b"), Promoted("a"));
        history.RollsBackTo.ShouldBe("b");
        history.Apply(RolledBack("b"), 9).RollsBackTo.ShouldBe("a");
    }

    [Fact]
    public async Task Production_goes_back_in_the_log_and_in_the_names_and_refuses_when_there_is_nothing_before()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var snapshot = await database.SnapshotOfAsync(GeneratedData.Interactions(users: 5, movies: 6, perUser: 5));
        await Should.ThrowAsync<NoEarlierVersionException>(() => database.RollBack.RunAsync("a test", "worse"));
        foreach (var model in new[] { "popularity", "linear-autoregression" })
        {
            await database.Train.RunAsync(new TrainRequest("t-" + model, model, new Dictionary<string, string>(), 1, "a test", "to see"), snapshot, new());
            await database.Promote.RunAsync(model + "-v0.1", "a test", "better");
        }
        File.ReadAllText(Path.Combine(database.ArtifactFolder, "production.txt")).ShouldBe("linear-autoregression-v0.1\n");

        var (back, sequence) = await database.RollBack.RunAsync("a test", "worse");
        (back.Version, back.From, back.Reason).ShouldBe(("popularity-v0.1", "linear-autoregression-v0.1", "worse"));
        (await database.Models.ChampionAsync())!.Trained.Version.ShouldBe("popularity-v0.1");
        (await database.Models.ProductionAsync(sequence - 1)).Current!.Version.ShouldBe("linear-autoregression-v0.1", "what was in production before that position");
        File.ReadAllText(Path.Combine(database.ArtifactFolder, "production.txt")).ShouldBe("popularity-v0.1\n");
        (await Should.ThrowAsync<NoEarlierVersionException>(() => database.RollBack.RunAsync("a test", "worse still"))).Message.ShouldContain("before popularity-v0.1");
    }

    private static ProductionHistory Fold(params object[] events) => events.Index().Aggregate(ProductionHistory.None, (history, e) => history.Apply(e.Item, e.Index + 1));

    private static ModelPromoted Promoted(string version) => new("m", version, null, "me", "better", DateTimeOffset.UnixEpoch);

    private static ModelRolledBack RolledBack(string version) => new("m", version, "?", "me", "worse", DateTimeOffset.UnixEpoch);
}
