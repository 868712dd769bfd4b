using Recs.Contracts.Users;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Snapshots;

public class TakeSnapshotTests
{
    [Fact]
    public async Task A_snapshot_is_recorded_once_and_holds_while_the_log_does()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var data = GeneratedData.Interactions(users: 4, movies: 5, perUser: 4);
        var taken = await database.SnapshotOfAsync(data);
        taken.Manifest.Sha256.ShouldBe(data.Sha256);
        (taken.Manifest.Count, taken.Manifest.Users, taken.Manifest.Movies).ShouldBe((16, 4, data.Movies.Count));

        await database.AppendAsync("u0", new MovieRated("u0", "later", 5, DateTimeOffset.UnixEpoch));
        (await database.Take.RunAsync("s", taken.Manifest.ThroughSequence, new())).Manifest.ShouldBeEquivalentTo(taken.Manifest);
        (await database.Find.AllAsync()).Count.ShouldBe(1);
        (await database.Find.LatestAsync())!.SnapshotId.ShouldBe("s");
        (await database.Load.VerifyAsync("s")).Holds.ShouldBeTrue();
    }

    [Fact]
    public async Task An_altered_event_is_noticed()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var taken = await database.SnapshotOfAsync(GeneratedData.Interactions(users: 3, movies: 5, perUser: 4));
        await database.ExecuteAsync("update recs.mt_events set data = jsonb_set(data, '{MovieId}', '\"m0x\"') where seq_id = 3");
        var verdict = await database.Load.VerifyAsync("s");
        verdict.Holds.ShouldBeFalse();
        verdict.Detail.ShouldContain(taken.Manifest.Sha256);
        await Should.ThrowAsync<InvalidDataException>(() => database.Load.RunAsync("s"));
        await Should.ThrowAsync<InvalidOperationException>(() => database.Take.RunAsync("s", taken.Manifest.ThroughSequence, new()));
    }

    [Fact]
    public async Task A_name_that_is_not_there_is_refused_with_where_to_look()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        (await Should.ThrowAsync<ArgumentException>(() => database.Load.RunAsync("nowhere"))).Message.ShouldContain("recs snapshot list");
        await Should.ThrowAsync<ArgumentException>(() => database.Take.RunAsync("not a name", 0, new()));
    }

    [Fact]
    public void Default_names_differ_by_position_and_sources()
    {
        TakeSnapshot.DefaultId(12, new()).ShouldBe("s12");
        TakeSnapshot.DefaultId(12, new(["a"])).ShouldStartWith("s12-");
        TakeSnapshot.DefaultId(12, new(["a"])).ShouldNotBe(TakeSnapshot.DefaultId(12, new(["b"])));
    }
}
