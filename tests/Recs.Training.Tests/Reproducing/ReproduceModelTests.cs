using Recs.Contracts.Movies;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Reproducing;
using Recs.Training.Snapshots;

namespace Recs.Training.Tests.Reproducing;

public class ReproduceModelTests
{
    private const string Version = "linear-autoregression-v0.1";
    private static readonly InteractionSet Data = GeneratedData.Interactions(users: 8, movies: 12, perUser: 6, watches: true);

    [Fact]
    public async Task The_log_alone_gives_the_same_bytes_by_other_instructions_into_an_empty_folder()
    {
        await using var database = await TrainedAsync();
        using var empty = new TemporaryFolder();
        var reproduction = await database.Reproduce(empty.Path).RunAsync(Version, new(Threads: 1, Isa: Isa.Plain));
        reproduction.Verdict.ShouldBe(ReproductionVerdict.Identical, reproduction.Detail);
        new Recs.Training.Artifacts.ArtifactStore(empty.Path).Verify((await database.Models.VersionAsync(Version)).Trained.ContentHash);
    }

    [Fact]
    public async Task An_altered_event_makes_the_snapshot_damaged()
    {
        await using var database = await TrainedAsync();
        await database.ExecuteAsync("update recs.mt_events set data = jsonb_set(data, '{MovieId}', '\"m1\"') where seq_id = 3");
        (await ReproduceAsync(database)).Verdict.ShouldBe(ReproductionVerdict.DamagedSnapshot);
    }

    [Fact]
    public async Task The_genres_too_come_from_the_log_alone()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        await database.AppendMovieAsync("m1", new MovieAdded("m1", "One", null, ["Drama", "War"]));
        await database.AppendMovieAsync("m2", new MovieAdded("m2", "Two", null, ["War"]));
        var trained = await database.Train.RunAsync(new TrainRequest("t", "popularity-genre", new Dictionary<string, string>(), 1, "a test", "to see"), await database.SnapshotOfAsync(Data), new());
        await database.AppendMovieAsync("m2", new MovieChanged("m2", "Two", null, ["Comedy"])); // later: no part of the snapshot
        var reproduction = await database.Reproduce(database.ArtifactFolder).RunAsync(trained.Version, new(Threads: 1, Isa: Isa.Plain));
        reproduction.Verdict.ShouldBe(ReproductionVerdict.Identical, reproduction.Detail);
        await database.ExecuteAsync("update recs.mt_events set data = jsonb_set(data, '{Genres,0}', '\"Crime\"') where type = 'movie_added' and stream_id = 'movie-m2'");
        (await database.Reproduce(database.ArtifactFolder).RunAsync(trained.Version, new())).Verdict.ShouldBe(ReproductionVerdict.DamagedSnapshot);
    }

    [Fact]
    public async Task A_snapshot_that_is_gone_is_missing()
    {
        await using var database = await TrainedAsync();
        await database.ExecuteAsync("delete from recs.mt_streams where id = 'snapshot-s'");
        (await ReproduceAsync(database)).Verdict.ShouldBe(ReproductionVerdict.MissingSnapshot);
    }

    [Fact]
    public async Task Another_option_in_the_manifest_gives_the_place_of_the_first_difference()
    {
        await using var database = await TrainedAsync();
        await database.ExecuteAsync("update recs.mt_events set data = jsonb_set(data, '{Options,ridge}', '\"201\"') where type = 'model_trained'");
        var reproduction = await ReproduceAsync(database);
        reproduction.Verdict.ShouldBe(ReproductionVerdict.Different);
        reproduction.Detail.ShouldContain("the first difference is at byte");
    }

    [Theory]
    [InlineData("abc", "abc", null)]
    [InlineData("abc", "abd", 2L)]
    [InlineData("ab", "abc", 2L)]
    [InlineData("", "a", 0L)]
    public void The_first_difference_of_two_streams_is_found(string a, string b, long? offset) => FirstDifference.Offset(
        new MemoryStream(System.Text.Encoding.ASCII.GetBytes(a)), new MemoryStream(System.Text.Encoding.ASCII.GetBytes(b))).ShouldBe(offset);

    private static Task<Reproduction> ReproduceAsync(TrainingDatabase database) => database.Reproduce(database.ArtifactFolder).RunAsync(Version, new());

    private static async Task<TrainingDatabase> TrainedAsync()
    {
        var database = await TrainingDatabase.CreateAsync();
        var snapshot = await database.SnapshotOfAsync(Data);
        await database.Train.RunAsync(new TrainRequest("t", "linear-autoregression", new Dictionary<string, string>(), 1, "a test", "to see"), snapshot, new());
        return database;
    }
}
