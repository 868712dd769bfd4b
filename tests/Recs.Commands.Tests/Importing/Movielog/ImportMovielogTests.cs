using Recs.Commands.Importing.Formats;
using Recs.Testing.Movielog;

namespace Recs.Commands.Tests.Importing.Movielog;

public sealed class ImportMovielogTests
{
    private const string ThreeForms =
        """
        2023-10-25T07:20:57.389,226993,recommendation request host:8082, status 200, result: up+2009, the+matrix+1999, 351 ms
        2023-10-25T07:20:58,135941,GET /data/m/up+2009/134.mpg
        2023-10-25T07:20,186590,GET /rate/home+among+strangers_+a+stranger+1974=5

        """;

    [Fact]
    public async Task The_three_forms_become_events_in_the_order_of_time_behind_the_movies_that_they_name()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = new ImportFolder().With("service.log", ThreeForms);

        var summary = await database.Import.RunAsync(folder.File("service.log"), new());

        var events = await database.EventsAsync();
        var request = events[4][(events[4].IndexOf("\"RequestId\": \"", StringComparison.Ordinal) + 14)..][..32];
        events.ShouldBe(
        [
            """movie-up+2009 movie_added {"Year": 2009, "Adult": false, "Title": "up", "Genres": [], "MovieId": "up+2009", "Inferred": true}""",
            """movie-the+matrix+1999 movie_added {"Year": 1999, "Adult": false, "Title": "the matrix", "Genres": [], "MovieId": "the+matrix+1999", "Inferred": true}""",
            """movie-home+among+strangers_+a+stranger+1974 movie_added {"Year": 1974, "Adult": false, "Title": "home among strangers_ a stranger", "Genres": [], "MovieId": "home+among+strangers_+a+stranger+1974", "Inferred": true}""",
            """user-186590 movie_rated {"At": "2023-10-25T07:20:00+00:00", "Rating": 5, "UserId": "186590", "MovieId": "home+among+strangers_+a+stranger+1974"}""",
            $$"""recommendations-226993 recommendation_observed {"At": "2023-10-25T07:20:57.389+00:00", "Items": ["up+2009", "the+matrix+1999"], "Server": "host:8082", "Status": 200, "UserId": "226993", "LatencyMs": 351, "RequestId": "{{request}}"}""",
            """user-135941 movie_watched {"At": "2023-10-25T07:20:58+00:00", "Minute": 134, "UserId": "135941", "MovieId": "up+2009"}""",
        ]);
        Guid.ParseExact(request, "N").ToString().ShouldBe((await database.LinesAsync("select id::text from recs.mt_events where type = 'recommendation_observed'")).Single());
        (await database.LinesAsync("select distinct correlation_id || ' ' || causation_id from recs.mt_events")).ShouldBe([$"import:service.log:{summary.Key[..8]} import-run:1"]);
        (summary.Format, summary.InputRows, summary.CleanRows, summary.DuplicateRows, summary.RejectRows, summary.InferredMovies).ShouldBe(("movielog", 3, 3, 0, 0, 3));
    }

    [Fact]
    public async Task Every_line_is_accounted_for_and_every_damaged_one_is_kept_with_the_reason_of_its_damage()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = new ImportFolder().With("service.log", new MovielogGenerator(seed: 3, damageRate: 0.05, repeatRate: 0.02).Write(5_000_000, out var log));

        var summary = await database.Import.RunAsync(folder.File("service.log"), new());

        summary.InputRows.ShouldBe(log.Lines);
        (summary.CleanRows, summary.DuplicateRows, summary.RejectRows).ShouldBe((log.Lines - log.Damaged.Count - log.Repeated, log.Repeated, log.Damaged.Count));
        summary.Reasons.ShouldBe(log.Damaged.Values.CountBy(reason => reason).ToDictionary(r => r.Key, r => (long)r.Value), ignoreOrder: true);
        (await database.LinesAsync("select line || ' ' || reason from recs.recs_rejects order by line")).ShouldBe(log.Damaged.OrderBy(d => d.Key).Select(d => $"{d.Key} {d.Value}"));
        (await database.LinesAsync("select count(*)::text from recs.mt_events where type not in ('movie_added', 'batch_validated')")).ShouldBe([$"{summary.CleanRows}"]);
        (await database.LinesAsync("select count(*)::text from recs.mt_streams where id like 'movie-%'")).ShouldBe([$"{summary.InferredMovies}"]);
    }

    [Fact]
    public async Task A_second_run_adds_nothing_and_counts_duplicates()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = new ImportFolder().With("service.log", ThreeForms + "broken\n");
        await database.Import.RunAsync(folder.File("service.log"), new());

        var second = await database.Import.RunAsync(folder.File("service.log"), new());

        (second.InputRows, second.CleanRows, second.DuplicateRows, second.RejectRows, second.InferredMovies).ShouldBe((4, 0, 3, 1, 0));
        (second.RepeatedRows, second.UsersMet).ShouldBe((0, null));
        (await database.EventsAsync()).Count.ShouldBe(6);
        (await database.LinesAsync("select line || ' ' || reason || ' ' || raw from recs.recs_rejects")).ShouldBe(["4 truncated broken"]);
    }

    [Fact]
    public async Task A_longer_log_adds_only_what_is_new_in_it_and_movies_that_were_described_stay_as_they_are()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = new ImportFolder()
            .With("service.log", ThreeForms)
            .With("longer.log", ThreeForms + "2023-10-25T07:21:58,135941,GET /data/m/up+2009/135.mpg\n2023-10-25T07:21:59,1,GET /rate/heat+1995=4\n");
        await database.Import.RunAsync(folder.File("service.log"), new());

        var longer = await database.Import.RunAsync(folder.File("longer.log"), new());

        (longer.CleanRows, longer.DuplicateRows, longer.InferredMovies).ShouldBe((2, 3, 1));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.5)]
    public async Task Lines_that_repeat_an_earlier_one_are_told_from_those_that_the_log_had(double? limit)
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = new ImportFolder()
            .With("service.log", ThreeForms)
            .With("longer.log", ThreeForms + "2023-10-25T07:21:59,1,GET /rate/heat+1995=4\n" + ThreeForms + "2023-10-25T07:21:59,1,GET /rate/heat+1995=4\n");
        await database.Import.RunAsync(folder.File("service.log"), new());

        var longer = await database.Import.RunAsync(folder.File("longer.log"), new(MaxRejectRate: limit));

        (longer.CleanRows, longer.DuplicateRows, longer.RepeatedRows).ShouldBe((1, 7, 4));
    }

    [Theory]
    [InlineData(0.2, false)]
    [InlineData(0.25, true)]
    public async Task Over_the_limit_of_rejects_nothing_is_stored_but_the_rejects_are_kept(double limit, bool stored)
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = new ImportFolder().With("service.log", ThreeForms + "broken\n");

        var summary = await database.Import.RunAsync(folder.File("service.log"), new(MaxRejectRate: limit));

        (summary.Refused is null, summary.InputRows, summary.RejectRows).ShouldBe((stored, 4, 1));
        (await database.EventsAsync()).Count.ShouldBe(stored ? 6 : 0);
        (await database.LinesAsync("select reason from recs.recs_rejects")).ShouldBe(["truncated"]);
    }

    [Fact]
    public async Task User_ids_get_their_prefix()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = new ImportFolder().With("service.log", ThreeForms);

        await database.Import.RunAsync(folder.File("service.log"), new(UserPrefix: "sim-"));

        (await database.LinesAsync("select stream_id || ' ' || (data->>'UserId') from recs.mt_events where stream_id not like 'movie-%' and type <> 'batch_validated' order by seq_id"))
            .ShouldBe(["user-sim-186590 sim-186590", "recommendations-sim-226993 sim-226993", "user-sim-135941 sim-135941"]);
    }

    [Theory]
    [InlineData("2023-10-25T07:20:57,1,GET /rate/heat+1995=4", DataSetFormat.Movielog)]
    [InlineData("broken\n2023-10-25T07:20:57,1,GET /rate/heat+1995=15\n", DataSetFormat.Movielog)]
    [InlineData("2023-10-25T07:20:57,ann,GET /rate/heat+1995=4\n2023-10-25T07:20:58,bob,GET /data/m/heat+1995/3.mpg\n", DataSetFormat.Movielog)]
    [InlineData("1,heat+1995,4,1700000000\n", DataSetFormat.Interactions)]
    [InlineData("", DataSetFormat.Interactions)]
    public void A_log_is_told_from_other_files_by_its_lines(string content, DataSetFormat format)
    {
        using var folder = new ImportFolder().With("file", content);

        DataSetFormats.Recognise(folder.File("file"), DataSetFormat.Auto).ShouldBe(format);
    }
}
