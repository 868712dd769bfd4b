using Recs.Training.Fitting;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Fitting;

public class TrainModelTests
{
    private static readonly InteractionSet Data = GeneratedData.Interactions(users: 8, movies: 12, perUser: 6);

    [Fact]
    public async Task A_training_is_recorded_with_all_that_makes_it_again()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var snapshot = await database.SnapshotOfAsync(Data);
        var trained = await database.Train.RunAsync(Request("linear-autoregression", ("tau", "2")), snapshot, new());

        trained.Version.ShouldBe("linear-autoregression-v0.1");
        trained.SnapshotSha256.ShouldBe(Data.Sha256);
        trained.Options.ShouldBe(new Dictionary<string, string> { ["movies"] = "5000", ["ridge"] = "200", ["tau"] = "2" });
        (trained.CodeRevision, trained.Seed).ShouldBe(("abc123", 7UL));
        database.Artifacts.Verify(trained.ContentHash).Bytes.ShouldBe(trained.Bytes);
        var recorded = (await database.Models.VersionAsync(trained.Version)).Trained;
        (recorded.ContentHash, recorded.TrainingId).ShouldBe((trained.ContentHash, "t1"));
        File.ReadAllText(Path.Combine(database.ArtifactFolder, "linear-autoregression", "latest.txt")).ShouldBe("v0.1\n");
    }

    [Fact]
    public async Task What_a_fit_found_out_is_recorded_with_the_version()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var snapshot = await database.SnapshotOfAsync(Data);
        (await database.Train.RunAsync(Request("blend", ("sasrec", "0"), ("ease", "1")), snapshot, new())).Findings!.Keys.ShouldBe(["member 1", "member 2", "weights"]);
        (await database.Models.VersionAsync("blend-v0.1")).Trained.Findings!["member 1"].ShouldStartWith("ease");
        (await database.Train.RunAsync(Request("popularity") with { TrainingId = "t2" }, snapshot, new())).Findings.ShouldBeNull();
    }

    [Fact]
    public async Task Trainings_at_the_same_time_get_versions_of_their_own()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var snapshot = await database.SnapshotOfAsync(Data);
        var trained = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => database.Train.RunAsync(Request("popularity") with { TrainingId = $"t{i}" }, snapshot, new())));
        trained.Select(t => t.Version).Order().ShouldBe(["popularity-v0.1", "popularity-v0.2", "popularity-v0.3", "popularity-v0.4"]);
        (await database.Models.OneAsync("popularity")).Versions.Select(v => v.Trained.Version)
            .ShouldBe(["popularity-v0.1", "popularity-v0.2", "popularity-v0.3", "popularity-v0.4"]); // N counts in log order
        trained.Select(t => t.ContentHash).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_fit_that_fails_is_recorded_as_failed_and_gets_no_version()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var empty = await database.Take.RunAsync("empty", 0, new());
        await Should.ThrowAsync<InvalidDataException>(() => database.Train.RunAsync(Request("popularity"), empty, new()));
        var model = await database.Models.OneAsync("popularity");
        model.Versions.ShouldBeEmpty();
        model.Failures.Single().Reason.ShouldContain("empty");
        model.NextVersion("popularity").ShouldBe("popularity-v0.1");
    }

    [Fact]
    public async Task A_wrong_option_is_refused_before_anything_is_recorded()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var snapshot = await database.SnapshotOfAsync(Data);
        await Should.ThrowAsync<ArgumentException>(() => database.Train.RunAsync(Request("popularity", ("depth", "3")), snapshot, new()));
        (await database.Models.OneAsync("popularity")).StreamVersion.ShouldBe(0);
    }

    [Fact]
    public void The_code_revision_is_what_the_build_stamped() => CodeRevision.Of(typeof(object).Assembly).Revision.Length.ShouldBe(40);

    private static TrainRequest Request(string model, params (string Name, string Value)[] options)
        => new("t1", model, options.ToDictionary(o => o.Name, o => o.Value), 7, "a test", "to see");
}
