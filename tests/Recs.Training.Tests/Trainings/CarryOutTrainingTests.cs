using Recs.Contracts.Registry;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;
using Recs.Training.Trainings;

namespace Recs.Training.Tests.Trainings;

public class CarryOutTrainingTests
{
    private static readonly InteractionSet Data = GeneratedData.Interactions(users: 8, movies: 12, perUser: 6);

    [Fact]
    public async Task A_request_names_all_that_its_fit_depends_on_and_its_snapshot_is_taken_where_the_log_ended_then()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var end = await database.AppendGeneratedAsync(Data);
        var id = await database.AskAsync("linear-autoregression", end);
        await database.AppendGeneratedAsync(Data); // comes too late for this training
        var trained = await database.CarryOut.RunAsync(await database.RequestOfAsync(id), (await database.Leases.ClaimAsync())!, new());
        (trained.SnapshotId, trained.ThroughSequence, trained.SnapshotSha256, trained.TrainingId).ShouldBe(($"s{end}", end, Data.Sha256, id));
        var job = (await database.Jobs.FindAsync(id))!;
        (job.State, job.Version, job.Ended).ShouldBe(("trained", "linear-autoregression-v0.1", true));
    }

    [Fact]
    public async Task Two_workers_that_fit_the_same_training_leave_one_version()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var id = await database.AskAsync("popularity", await database.AppendGeneratedAsync(Data));
        var request = await database.RequestOfAsync(id);
        var first = (await database.Leases.ClaimAsync())!;
        await database.SilenceAsync(id);
        var second = (await database.Leases.ClaimAsync())!;
        var versions = await Task.WhenAll(new[] { first, second }.Select(async lease =>
        {
            try
            {
                return (await database.CarryOut.RunAsync(request, lease, new())).Version;
            }
            catch (TrainingStoppedException)
            {
                return null; // noticed that the other one holds the job
            }
        }));
        versions.Distinct().Where(v => v is not null).ShouldBe(["popularity-v0.1"]);
        (await database.Models.OneAsync("popularity")).Versions.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_training_that_is_called_off_while_it_is_fitted_stops_and_stays_called_off()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var id = await database.AskAsync("linear-autoregression", await database.AppendGeneratedAsync(Data));
        using var began = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        var fit = database.CarryOut.RunAsync(await database.RequestOfAsync(id), (await database.Leases.ClaimAsync())!, new FitRun(Progress: new Pausing(began, goOn)));
        (await began.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        (await database.Cancel.RunAsync(id, "an operator", "not now"))!.Job.State.ShouldBe("cancelled");
        goOn.Release(1000);
        (await Should.ThrowAsync<TrainingStoppedException>(fit)).Message.ShouldContain("an operator: not now");
        (await database.Models.OneAsync("linear-autoregression")).Versions.ShouldBeEmpty();
        (await database.Outcomes.FindAsync(id)).ShouldBeOfType<TrainingCancelled>().Reason.ShouldBe("not now");
    }

    [Fact]
    public async Task A_heartbeat_notices_that_the_job_was_called_off()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var id = await database.AskAsync("popularity");
        await using var heartbeat = new Heartbeat(database.Leases, (await database.Leases.ClaimAsync())!, TimeSpan.FromMilliseconds(20), null);
        var lost = new TaskCompletionSource();
        await using var registration = heartbeat.Lost.Register(lost.SetResult);
        await database.Cancel.RunAsync(id, "an operator", "not now");
        await lost.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task What_has_ended_is_not_called_off()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        await database.Train.RunAsync(new("t", "popularity", new Dictionary<string, string>(), 1, "a test", "to see"), await database.SnapshotOfAsync(Data), new());
        (await database.Cancel.RunAsync("t", "an operator", "too late"))!.Job.State.ShouldBe("trained");
        (await database.Cancel.RunAsync("no-such-job", "an operator", "why not")).ShouldBeNull();
        (await database.Outcomes.FindAsync("t")).ShouldBeOfType<ModelTrained>();
    }

    [Fact]
    public async Task A_training_that_is_stopped_where_it_was_asked_for_is_recorded_as_called_off()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        using var stop = new CancellationTokenSource();
        var snapshot = await database.SnapshotOfAsync(Data);
        var run = new FitRun(Progress: new Then(stop.Cancel), Cancel: stop.Token);
        await Should.ThrowAsync<OperationCanceledException>(() => database.Train.RunAsync(new("t", "linear-autoregression", new Dictionary<string, string>(), 1, "a test", "to see"), snapshot, run));
        (await database.Outcomes.FindAsync("t")).ShouldBeOfType<TrainingCancelled>();
    }

    [Fact]
    public async Task What_cannot_be_trained_is_refused_before_anything_is_stored()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var wrong = new TrainRequest("t", "linear-autoregression", new Dictionary<string, string> { ["ridge"] = "-1" }, 1, "a test", "to see");
        (await Should.ThrowAsync<WrongTrainingException>(() => database.Request.RunAsync(wrong, null, 9))).Field.ShouldBe("options");
        (await Should.ThrowAsync<WrongTrainingException>(() => database.Request.RunAsync(wrong with { Model = "no-such-model" }, null, 9))).Field.ShouldBe("model");
        (await Should.ThrowAsync<WrongTrainingException>(() => database.Request.RunAsync(wrong with { Model = "popularity", Options = new Dictionary<string, string>() }, "none", 9))).Field.ShouldBe("snapshot");
        (await database.Jobs.CountOpenAsync()).ShouldBe(0);
        (await database.Models.AllAsync()).ShouldBeEmpty();
    }

    /// <summary>Holds a fit at its first report.</summary>
    private sealed class Pausing(SemaphoreSlim began, SemaphoreSlim goOn) : IProgress<FitProgress>
    {
        public void Report(FitProgress value)
        {
            began.Release();
            goOn.Wait(TimeSpan.FromSeconds(30));
        }
    }

    private sealed class Then(Action action) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => action();
    }
}
