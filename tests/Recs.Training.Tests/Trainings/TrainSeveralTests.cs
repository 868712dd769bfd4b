using Recs.Contracts.Registry;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;

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
        var ends = await database.TrainSeveral.RunAsync(requests, await database.SnapshotOfAsync(Data), 2, 1, _ => null, default);
        ends.Select(e => e.Trained?.Version).ShouldBe(["popularity-v0.1", null, "als-v0.1"]);
        ends[1].Error.ShouldBeOfType<DivergedException>();
        (await database.Outcomes.FindAsync(requests[1].TrainingId)).ShouldBeOfType<TrainingFailed>().Reason.ShouldContain("Lower the learning rate");
        (await database.Jobs.FindAsync(requests[1].TrainingId))!.State.ShouldBe("failed");
    }

    [Fact]
    public async Task Stopping_calls_off_what_runs_and_asks_for_nothing_more()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        using var stop = new CancellationTokenSource();
        TrainRequest[] requests = [Request("als"), Request("popularity")];
        var snapshot = await database.SnapshotOfAsync(Data);
        await Should.ThrowAsync<OperationCanceledException>(() => database.TrainSeveral.RunAsync(requests, snapshot, 1, 1, _ => new Then(stop.Cancel), stop.Token));
        (await database.Outcomes.FindAsync(requests[0].TrainingId)).ShouldBeOfType<TrainingCancelled>();
        (await database.Jobs.FindAsync(requests[1].TrainingId)).ShouldBeNull();
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

    private sealed class Then(Action action) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => action();
    }

    private sealed class At(string phase, double fraction, Action action) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            if (value.Phase == phase && value.Fraction >= fraction)
                action();
        }
    }
}
