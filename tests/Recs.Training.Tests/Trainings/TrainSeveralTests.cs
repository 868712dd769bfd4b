using Recs.Contracts.Registry;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;
using Recs.Training.Trainings;

namespace Recs.Training.Tests.Trainings;

public class TrainSeveralTests
{
    private static readonly InteractionSet Data = GeneratedData.Interactions(users: 16, movies: 64, perUser: 12);
    private static readonly Dictionary<string, string> Diverging = new() { ["rate"] = "10", ["regularization"] = "10" };

    [Fact]
    public async Task One_that_diverges_is_recorded_as_failed_and_does_not_stop_the_others()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        TrainRequest[] requests = [Request("popularity"), Request("bpr", Diverging), Request("als")];
        await using var asked = await database.TrainSeveral.AskAsync(requests, await database.SnapshotOfAsync(Data), default);
        var ends = await database.TrainSeveral.RunAsync(asked, 2, 1, _ => null, default);
        ends.Select(e => e.Trained?.Version).ShouldBe(["popularity-v0.1", null, "als-v0.1"]);
        ends[1].Error.ShouldBeOfType<DivergedException>();
        (await database.Outcomes.FindAsync(requests[1].TrainingId)).ShouldBeOfType<TrainingFailed>().Reason.ShouldContain("Lower the learning rate");
        (await database.Jobs.FindAsync(requests[1].TrainingId))!.State.ShouldBe("failed");
    }

    [Fact]
    public async Task One_that_waits_for_its_turn_is_in_the_log_and_may_be_called_off()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        TrainRequest[] requests = [Request("als"), Request("popularity")];
        await using var asked = await database.TrainSeveral.AskAsync(requests, await database.SnapshotOfAsync(Data), default);
        (await database.Leases.ClaimAsync()).ShouldBeNull("both are held here");
        (await database.Cancel.RunAsync(requests[1].TrainingId, "a test", "no need")).ShouldNotBeNull().Job.State.ShouldBe("cancelled");
        var ends = await database.TrainSeveral.RunAsync(asked, 1, 1, _ => null, default);
        (ends[0].Trained?.Version, ends[1].Trained).ShouldBe(("als-v0.1", null));
        ends[1].Error.ShouldBeOfType<TrainingStoppedException>().Message.ShouldContain("no need");
    }

    [Fact]
    public async Task One_that_waits_keeps_its_lease_longer_than_a_lease_holds()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var request = Request("popularity");
        await using var asked = await database.TrainSeveral.AskAsync([request], await database.SnapshotOfAsync(Data), default);
        await database.SilenceAsync(request.TrainingId); // until the next beat
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while ((await database.Jobs.FindAsync(request.TrainingId))! is not { State: "running", Phase: "queued" })
            deadline.Token.ThrowIfCancellationRequested();
    }

    [Fact]
    public async Task What_is_stopped_stays_open_and_is_gone_on_with_from_its_checkpoint()
    {
        await using var database = await TrainingDatabase.CreateAsync(TimeSpan.Zero);
        var snapshot = await database.SnapshotOfAsync(Data);
        var whole = await database.Train.RunAsync(Request("als"), snapshot, new());
        using var stop = new CancellationTokenSource();
        TrainRequest[] requests = [Request("als"), Request("popularity")];
        await using (var asked = await database.TrainSeveral.AskAsync(requests, snapshot, default))
            await Should.ThrowAsync<OperationCanceledException>(() => database.TrainSeveral.RunAsync(asked, 1, 1, _ => new At("alternate", 0.2, stop.Cancel), stop.Token));
        (await database.Outcomes.FindAsync(requests[0].TrainingId)).ShouldBeNull();
        (await database.Resume.FindAsync(["als", "popularity"])).Select(job => (job.TrainingId, job.State)).ShouldBe(requests.Select(r => (r.TrainingId, "requested")));

        var trained = await database.Resume.RunAsync(requests[0].TrainingId, new());
        database.Said.ShouldContain(line => line.Contains("going on after iteration 3"));
        (trained.ContentHash, trained.SnapshotId).ShouldBe((whole.ContentHash, snapshot.Manifest.SnapshotId));
        (await database.Resume.FindAsync(["als", "popularity"])).ShouldHaveSingleItem().Model.ShouldBe("popularity");
        await Should.ThrowAsync<TrainingStoppedException>(() => database.Resume.RunAsync(requests[0].TrainingId, new()));
    }

    [Fact]
    public async Task One_that_somebody_else_ended_before_its_turn_is_told_as_what_it_is()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var end = (await database.SnapshotOfAsync(Data)).Manifest.ThroughSequence;
        foreach (var model in new[] { "als", "popularity", "ease" })
            await database.AskAsync(model, end);
        var open = (await database.Resume.FindAsync(["als", "popularity", "ease"])).ToDictionary(job => job.Model);
        var trained = await database.Resume.RunAsync(open["als"].TrainingId, new());
        await database.Cancel.RunAsync(open["popularity"].TrainingId, "an operator", "no need");
        await database.Leases.ClaimAsync(open["ease"].TrainingId, default);

        var late = await database.Resume.EndAsync(open["als"], new());
        (late.Trained?.Version, late.Error, late.Elsewhere?.State).ShouldBe((trained.Version, null, "trained"));
        late = await database.Resume.EndAsync(open["popularity"], new());
        (late.Trained, late.Error, late.Elsewhere?.State, late.Elsewhere?.Detail).ShouldBe((null, null, "cancelled", "by an operator: no need"));
        late = await database.Resume.EndAsync(open["ease"], new());
        (late.Trained, late.Error, late.Elsewhere?.State).ShouldBe((null, null, "running"));
    }

    [Fact]
    public async Task One_that_is_called_off_leaves_no_checkpoint_and_is_called_off_once()
    {
        await using var database = await TrainingDatabase.CreateAsync(TimeSpan.Zero);
        var id = await database.AskAsync("als", (await database.SnapshotOfAsync(Data)).Manifest.ThroughSequence);
        using var stop = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => database.Resume.RunAsync(id, new(Progress: new At("alternate", 0.2, stop.Cancel), Cancel: stop.Token)));
        database.Checkpoints.Trainings().ShouldBe([id]);
        (await database.Jobs.OpenAsync(10)).ShouldHaveSingleItem().TrainingId.ShouldBe(id);
        (await database.Cancel.RunAsync(id, "an operator", "no need"))!.ByThisCall.ShouldBeTrue();
        (await database.Cancel.RunAsync(id, "another", "no need either"))!.ByThisCall.ShouldBeFalse();
        database.Checkpoints.Trainings().ShouldBeEmpty();
        (await database.Jobs.OpenAsync(10)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_goes_on_and_is_stopped_again_stays_open()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var id = await database.AskAsync("als", (await database.SnapshotOfAsync(Data)).Manifest.ThroughSequence);
        using var stop = new CancellationTokenSource();
        await Should.ThrowAsync<OperationCanceledException>(() => database.Resume.RunAsync(id, new(Progress: new At("alternate", 0.2, stop.Cancel), Cancel: stop.Token)));
        (await database.Resume.FindAsync(["als"])).ShouldHaveSingleItem().TrainingId.ShouldBe(id);
    }

    [Fact]
    public async Task A_training_that_another_worker_takes_over_goes_on_from_the_checkpoint_which_goes_with_the_outcome()
    {
        await using var database = await TrainingDatabase.CreateAsync(TimeSpan.Zero);
        var snapshot = await database.SnapshotOfAsync(Data);
        var whole = await database.Train.RunAsync(Request("als"), snapshot, new());
        var id = await database.AskAsync("als", snapshot.Manifest.ThroughSequence);
        var request = await database.RequestOfAsync(id);
        var lease = (await database.Leases.ClaimAsync())!;
        using (var died = new CancellationTokenSource())
            await Should.ThrowAsync<OperationCanceledException>(() => database.CarryOut.RunAsync(request, lease, new(Progress: new At("alternate", 0.2, died.Cancel), Cancel: died.Token), snapshot));
        database.Checkpoints.Trainings().ShouldBe([id]);
        await database.SilenceAsync(id);
        var trained = await database.CarryOut.RunAsync(request, (await database.Leases.ClaimAsync())!, new(), snapshot);
        database.Said.ShouldContain(line => line.Contains("going on after iteration 3"));
        trained.ContentHash.ShouldBe(whole.ContentHash);
        database.Checkpoints.Trainings().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_loss_of_a_running_fit_is_told()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var id = await database.AskAsync("als");
        await database.Leases.RenewAsync((await database.Leases.ClaimAsync())!, new FitProgress("alternate", 0.5, 0.25));
        (await database.Jobs.FindAsync(id))!.Loss.ShouldBe(0.25);
    }

    private static TrainRequest Request(string model, Dictionary<string, string>? options = null)
        => new(Guid.CreateVersion7().ToString("N"), model, options ?? [], 1, "a test", "to see");

    private sealed class At(string phase, double fraction, Action action) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.Phase == phase && value.Fraction >= fraction)
                action();
        }
    }
}
