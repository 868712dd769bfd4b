using System.Text;
using Recs.Contracts;
using Recs.Contracts.Users;

namespace Recs.Training.Tests.Snapshots;

public class SnapshotReaderTests
{
    private static readonly DateTimeOffset Noon = DateTimeOffset.FromUnixTimeMilliseconds(978_300_760_123);

    [Fact]
    public async Task The_log_gives_the_data_set_that_was_appended()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var data = GeneratedData.Interactions(users: 6, movies: 9, perUser: 8, watches: true);
        var last = await database.AppendGeneratedAsync(data);
        (await database.Snapshots.ReadAsync(last, new())).Sha256.ShouldBe(data.Sha256);
    }

    [Fact]
    public async Task It_stops_at_the_position_and_reads_only_ratings_and_watches()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        await database.AppendAsync("a+b", new MovieRated("a+b", "x'y", 0.5, Noon));
        await database.AppendAsync("a+b", new MovieOpened("a+b", "z", null, Noon));
        var last = await database.AppendAsync("a+b", new MovieWatched("a+b", "w", 3, Noon.AddMilliseconds(-5).ToOffset(TimeSpan.FromHours(2))));
        await database.AppendAsync("a+b", new MovieRated("a+b", "later", 5, Noon));
        var set = await database.Snapshots.ReadAsync(last, new());
        set.Movies.Ids.ShouldBe(["w", "x'y"]);
        set.HalfStars.ToArray().ShouldBe([(byte)1, (byte)0]);
        set.At.ToArray().ShouldBe([978_300_760_123, 978_300_760_118]);
    }

    [Fact]
    public async Task Bodies_of_an_older_shape_are_brought_up_to_date()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        database.Types.Upcast("film_rated", EventAliases.MovieRated, old => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(old.Span).Replace("Film", "MovieId", StringComparison.Ordinal)));
        await database.AppendAsync("a", new MovieWatched("a", "y", 1, Noon), "import:one:1");
        var last = await database.AppendAsync("a", new MovieRated("a", "x", 3, Noon));
        var current = await database.Snapshots.ReadAsync(last, new());
        await database.ExecuteAsync("update recs.mt_events set type = 'film_rated', data = data - 'MovieId' || jsonb_build_object('Film', data->'MovieId') where type = 'movie_rated'");
        (await database.Snapshots.ReadAsync(last, new())).Sha256.ShouldBe(current.Sha256);
        (await database.Snapshots.ReadAsync(last, new(["one"]))).Movies.Ids.ShouldBe(["y"]);
    }

    [Fact]
    public async Task It_can_be_filtered_by_the_source_of_an_import()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        await database.AppendAsync("a", new MovieRated("a", "x", 1, Noon), "import:one's:1");
        await database.AppendAsync("a", new MovieRated("a", "y", 1, Noon), "import:one's_other:1");
        var last = await database.AppendAsync("a", new MovieRated("a", "z", 1, Noon));
        (await database.Snapshots.ReadAsync(last, new(["one's"]))).Movies.Ids.ShouldBe(["x"]);
        (await database.Snapshots.ReadAsync(last, new(["one's", "one's_other"]))).Movies.Ids.ShouldBe(["x", "y"]);
        (await database.Snapshots.ReadAsync(last, new([]))).Count.ShouldBe(0);
    }

    [Fact]
    public async Task Archived_streams_are_left_out()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        await database.AppendAsync("a", new MovieRated("a", "x", 1, Noon));
        var last = await database.AppendAsync("b", new MovieRated("b", "y", 1, Noon));
        await database.ExecuteAsync("select recs.mt_archive_stream('user-a')");
        (await database.Snapshots.ReadAsync(last, new())).Users.Ids.ShouldBe(["b"]);
    }

    [Fact]
    public async Task An_event_that_is_no_rating_is_named_by_its_position()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var bad = await database.AppendAsync("a", new MovieRated("a", "x", 7, Noon));
        (await Should.ThrowAsync<InvalidDataException>(() => database.Snapshots.ReadAsync(bad, new()))).Message.ShouldContain($"Event {bad}: Rating 7");
    }

    [Theory]
    [InlineData("UserId", "null", "no UserId")]
    [InlineData("MovieId", "\"\"", "MovieId of 0 bytes")]
    [InlineData("At", "\"yesterday\"", "no ISO-8601 time")]
    [InlineData("At", "null", "no ISO-8601 time")]
    public async Task A_body_that_was_damaged_is_named_by_its_position(string field, string value, string message)
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var bad = await database.AppendAsync("a", new MovieRated("a", "x", 3, Noon));
        await database.ExecuteAsync($"update recs.mt_events set data = jsonb_set(data, '{{{field}}}', '{value}')");
        var exception = await Should.ThrowAsync<InvalidDataException>(() => database.Snapshots.ReadAsync(bad, new()));
        exception.Message.ShouldContain($"Event {bad} has");
        exception.Message.ShouldContain(message);
    }

    [Fact]
    public async Task Rows_longer_than_one_buffer_in_all_are_read_whole()
    {
        await using var database = await TrainingDatabase.CreateAsync();
        var id = new string('m', 200);
        await database.ExecuteAsync("insert into recs.mt_streams (id, version) values ('user-u', 20000)");
        await database.ExecuteAsync(
            "insert into recs.mt_events (seq_id, id, stream_id, version, data, type, timestamp) select n, gen_random_uuid(), 'user-u', n, "
            + $"jsonb_build_object('UserId', 'u', 'MovieId', '{id}' || n % 7, 'Rating', 4.5, 'At', '2001-01-01T00:00:00Z'), 'movie_rated', now() from generate_series(1, 20000) n");
        var set = await database.Snapshots.ReadAsync(20_000, new());
        set.Count.ShouldBe(20_000);
        set.Movies.Count.ShouldBe(7);
        set.HalfStars.IndexOfAnyExcept((byte)9).ShouldBe(-1);
    }
}
