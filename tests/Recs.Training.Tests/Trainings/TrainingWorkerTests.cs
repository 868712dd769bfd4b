using Microsoft.Extensions.Logging.Abstractions;
using Recs.Contracts.Registry;
using Recs.Training.Registry;
using Recs.Training.Snapshots;
using Recs.Training.Trainings;

namespace Recs.Training.Tests.Trainings;

public class TrainingWorkerTests
{
    private static readonly InteractionSet Data = GeneratedData.Interactions(users: 8, movies: 12, perUser: 6);

    [Fact]
    public async Task What_is_asked_for_is_carried_out_and_what_cannot_be_fails_with_the_reason()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var empty = await database.AskAsync("popularity", 0);
        var end = await database.AppendGeneratedAsync(Data);
        await using var worker = await Working.StartAsync(database);
        var failed = await worker.EndOfAsync(empty);
        (failed.State, failed.Detail).ShouldBe(("failed", "The log through 0 holds no rating and no watch, so there is nothing to train on."));
        (await database.Find.AllAsync()).ShouldBeEmpty("nothing was trained on, so nothing was pinned");
        (await worker.EndOfAsync(await database.AskAsync("popularity", end))).Version.ShouldBe("popularity-v0.1");
        (await database.Outcomes.FindAsync(empty)).ShouldBeOfType<TrainingFailed>();
    }

    [Fact]
    public async Task A_training_over_which_three_workers_died_has_failed()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var id = await database.AskAsync("popularity", await database.AppendGeneratedAsync(Data));
        for (var death = 0; death < database.Options.MostAttempts; death++)
        {
            await database.Leases.ClaimAsync();
            await database.SilenceAsync(id);
        }
        await using var worker = await Working.StartAsync(database);
        (await worker.EndOfAsync(id)).State.ShouldBe("failed");
        (await database.Outcomes.FindAsync(id)).ShouldBeOfType<TrainingFailed>().Reason.ShouldBe("3 workers died over it");
    }

    [Fact]
    public async Task A_version_is_reproduced_on_request()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        await database.Train.RunAsync(new("t", "popularity", new Dictionary<string, string>(), 1, "a test", "to see"), await database.SnapshotOfAsync(Data), new());
        await database.Jobs.RunAsync(database.Jobs.Open(JobKind.Reproduction, "r", "popularity", "popularity-v0.1", "a test", "to see", heldHere: false));
        await using var worker = await Working.StartAsync(database);
        (await worker.EndOfAsync("r")).State.ShouldBe("identical");
    }

    [Fact]
    public async Task Names_that_a_dead_process_did_not_write_are_written()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        await database.Train.RunAsync(new("t", "popularity", new Dictionary<string, string>(), 1, "a test", "to see"), await database.SnapshotOfAsync(Data), new());
        Directory.Delete(Path.Combine(database.ArtifactFolder, "popularity"), recursive: true);
        await new NameVersions(database.Artifacts, database.Models).RunAsync();
        File.ReadAllText(Path.Combine(database.ArtifactFolder, "popularity", "latest.txt")).ShouldBe("v0.1\n");
        File.Exists(Path.Combine(database.ArtifactFolder, "popularity", "v0.1", "meta.json")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_job_whose_outcome_is_in_the_log_is_closed_for_it()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var id = await database.AskAsync("popularity");
        await database.Outcomes.FailedAsync(new(id, "popularity", "it broke", DateTimeOffset.UnixEpoch));
        await database.ExecuteAsync("update recs.recs_training_jobs set ended_at = null, outcome = null, detail = null");
        await using var worker = await Working.StartAsync(database);
        var ended = await worker.EndOfAsync(id);
        (ended.State, ended.Detail).ShouldBe(("failed", "it broke"));
    }

    [Fact]
    public async Task A_job_without_a_request_in_the_log_fails_with_the_reason()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        await database.Jobs.RunAsync(database.Jobs.Open(JobKind.Training, "t", "popularity", null, "a test", "to see", heldHere: false));
        await using var worker = await Working.StartAsync(database);
        var ended = await worker.EndOfAsync("t");
        (ended.State, ended.Detail).ShouldBe(("failed", "Job t has no training_requested in the log."));
    }

    [Fact]
    public async Task A_job_that_was_tried_lets_a_younger_one_pass()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var (older, younger) = (await database.AskAsync("popularity"), await database.AskAsync("popularity"));
        var lease = (await database.Leases.ClaimAsync())!;
        lease.TrainingId.ShouldBe(older);
        await database.Leases.ReleaseAsync(lease, tried: true);
        (await database.Leases.ClaimAsync())!.TrainingId.ShouldBe(younger);
    }

    [Fact]
    public async Task What_a_former_holder_found_does_not_close_a_reproduction()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        await database.Jobs.RunAsync(database.Jobs.Open(JobKind.Reproduction, "r", "popularity", "popularity-v0.1", "a test", "to see", heldHere: false));
        var former = (await database.Leases.ClaimAsync())!;
        await database.SilenceAsync("r");
        var holder = (await database.Leases.ClaimAsync())!;
        await database.Jobs.RunAsync(database.Jobs.Close("r", "different", null, null, former.Fence));
        (await database.Jobs.FindAsync("r"))!.State.ShouldBe("running");
        await database.Jobs.RunAsync(database.Jobs.Close("r", "identical", null, null, holder.Fence));
        (await database.Jobs.FindAsync("r"))!.State.ShouldBe("identical");
    }

    [Theory]
    [InlineData("08006", true)]
    [InlineData("57P01", true)]
    [InlineData("53300", true)]
    [InlineData("57014", false)]
    [InlineData("42P01", false)]
    public void Only_a_lost_connection_gives_the_attempt_back(string state, bool away)
        => Outage.Is(new Npgsql.PostgresException("no", "ERROR", "ERROR", state)).ShouldBe(away);

    /// <summary>A worker in this process.</summary>
    private sealed class Working(TrainingDatabase database, TrainingNews news, TrainingWorker worker) : IAsyncDisposable
    {
        public static async Task<Working> StartAsync(TrainingDatabase database)
        {
            var news = new TrainingNews(database.Source);
            var worker = new TrainingWorker(
                database.Leases, database.Jobs, news, database.CarryOut, database.Reproduce(database.ArtifactFolder), database.Outcomes, new(database.Artifacts, database.Models), database.Checkpoints,
                database.Reader, database.Types, database.Options, TimeProvider.System, NullLogger<TrainingWorker>.Instance);
            await news.StartAsync(default);
            await worker.StartAsync(default);
            return new(database, news, worker);
        }

        public async Task<TrainingStatus> EndOfAsync(string id)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            while (true)
            {
                var next = news.Next;
                if (await database.Jobs.FindAsync(id, patience.Token) is { Ended: true } ended)
                    return ended;
                await TrainingNews.WaitAsync(next, TimeSpan.FromMilliseconds(100), patience.Token);
            }
        }

        public async ValueTask DisposeAsync()
        {
            await worker.StopAsync(default);
            worker.Dispose();
            await news.StopAsync(default);
            news.Dispose();
        }
    }
}
