using System.Text;
using Recs.Commands.Importing;
using Recs.Commands.Rejecting;
using Recs.Commands.Tests.Importing;

namespace Recs.Commands.Tests.Rejecting;

public sealed class RetryRejectsTests
{
    [Fact]
    public async Task A_line_that_was_corrected_lands_once_and_is_marked_with_its_event()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = new ImportFolder().WithUtf8("log.csv", "movie_id,user_id,rating,timestamp\nheat+1995,ann,seven,100\nheat+1995,ann,eight,100\n");
        await database.Import.RunAsync(folder.File("log.csv"), new(UserPrefix: "shop."));

        var corrected = await RetryAsync(database, new(Corrections: new Dictionary<long, string> { [1] = "heat+1995,ann,4.5,100" }));
        var again = await RetryAsync(database, new(Corrections: new Dictionary<long, string> { [1] = "heat+1995,ann,4.5,100" }));

        (corrected.Tried, corrected.Stored, again.Tried).ShouldBe((1, 1, 0));
        (await database.EventsAsync("stream_id = 'user-shop.ann'")).ShouldBe(["""user-shop.ann movie_rated {"At": "1970-01-01T00:01:40+00:00", "Rating": 4.5, "UserId": "shop.ann", "MovieId": "heat+1995"}"""]);
        (await RowsAsync(database)).ShouldBe(["1 bad-rating stored heat+1995,ann,4.5,100", "2 bad-rating open"]);
        (await database.LinesAsync("select e.stream_id || ' ' || e.correlation_id || ' ' || e.causation_id from recs.recs_rejects r join recs.mt_events e on e.seq_id = r.stored_sequence"))
            .ShouldBe([$"user-shop.ann {(await database.LinesAsync("select correlation_id from recs.mt_events where type = 'batch_validated'"))[0]} retry:1"]);
        (await database.EventsAsync("type = 'movie_added'")).Single().ShouldContain("\"Inferred\": true");
    }

    [Fact]
    public async Task A_rating_of_a_movie_that_became_known_is_taken_and_others_keep_their_newest_reason()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = ImportFolder.Ml1m("1::9::4::100\n1::8::4::100\n");
        using var catalogue = new ImportFolder().WithUtf8("movies.jsonl", "{\"id\":\"9\",\"title\":\"Nine\"}\n");
        await database.Import.RunAsync(folder.Path, new());
        await database.Import.RunAsync(catalogue.File("movies.jsonl"), new());

        var retried = await RetryAsync(database, new(Reason: RejectReasons.UnknownMovie));

        (retried.Tried, retried.Stored, retried.Rejected).ShouldBe((2, 1, 1));
        retried.Reasons.ShouldBe(new Dictionary<string, long> { [RejectReasons.UnknownMovie] = 1 });
        (await database.EventsAsync("stream_id = 'user-1' and type = 'movie_rated'")).Single().ShouldContain("\"MovieId\": \"9\"");
        (await database.LinesAsync("select tries || ' ' || newest_reason from recs.recs_rejects where stored_at is null")).ShouldBe(["1 unknown-movie"]);
    }

    [Fact]
    public async Task What_the_log_says_already_is_marked_with_the_event_that_says_so()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = new ImportFolder().WithUtf8("log.csv", "ann,heat+1995,4,100\nann,heat+1995,x,100\nann,heat+1995,y,100\nann,heat+1995,z,200\n");
        await database.Import.RunAsync(folder.File("log.csv"), new());

        var retried = await RetryAsync(database, new(Corrections: new Dictionary<long, string> { [1] = "ann,heat+1995,4,100", [2] = "bob,heat+1995,4,100", [3] = "bob,heat+1995,4,100" }));

        (retried.Tried, retried.Stored, retried.Duplicates).ShouldBe((3, 1, 2));
        (await database.EventsAsync("type = 'movie_rated'")).Count.ShouldBe(2);
        (await database.LinesAsync("select e.stream_id from recs.recs_rejects r join recs.mt_events e on e.seq_id = r.stored_sequence order by r.id")).ShouldBe(["user-ann", "user-bob", "user-bob"]);
    }

    [Fact]
    public async Task Movies_and_people_of_catalogues_are_retried_with_the_ratings_that_name_them()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = ImportFolder.Ml1m("1::3::4::100\n", movies: "1::Heat (1995)::Action\n3::::Drama\n", users: "1::X::25::7::12345\n2::M::25::7::12345\n");
        await database.Import.RunAsync(folder.Path, new());

        var retried = await RetryAsync(database, new(Corrections: new Dictionary<long, string> { [1] = "3::Casino (1995)::Drama", [2] = "1::F::25::7::12345", [3] = "1::3::4::100" }));

        (retried.Stored, retried.Rejected).ShouldBe((3, 0));
        (await database.LinesAsync("select stream_id || ' ' || type from recs.mt_events where causation_id like 'retry:%' order by seq_id"))
            .ShouldBe(["movie-3 movie_added", "user-1 user_registered", "user-1 movie_rated"]);
    }

    [Fact]
    public async Task A_line_of_a_movielog_that_was_corrected_becomes_the_event_that_it_would_have_been()
    {
        await using var database = await ImportDatabase.CreateAsync();
        await using var whole = await ImportDatabase.CreateAsync();
        string[] good = ["2023-10-25T07:20:57.5,7,GET /data/m/heat+1995/3.mpg", "2023-10-25T07:20:58,7,GET /rate/casino+1995=4", "2023-10-25T07:20:59,7,recommendation request host:8082, status 200, result: heat+1995, big+1988, 35 ms"];
        using var folder = new ImportFolder().WithUtf8("events.log", string.Concat(good.Select(line => line + " what?\n")));
        using var clean = new ImportFolder().WithUtf8("events.log", string.Concat(good.Select(line => line + "\n")));
        await database.Import.RunAsync(folder.File("events.log"), new(Recs.Commands.Importing.Formats.DataSetFormat.Movielog));
        await whole.Import.RunAsync(clean.File("events.log"), new());

        var retried = await RetryAsync(database, new(Corrections: good.Select((line, i) => (Id: i + 1L, line)).ToDictionary(l => l.Id, l => l.line)));

        (retried.Tried, retried.Stored).ShouldBe((3, 3));
        (await database.EventsAsync()).ShouldBe(await whole.EventsAsync(), ignoreOrder: true);
        (await database.LinesAsync("select id::text from recs.mt_events where type <> 'batch_validated' order by 1")).ShouldBe(await whole.LinesAsync("select id::text from recs.mt_events where type <> 'batch_validated' order by 1"));
    }

    [Fact]
    public async Task Messages_of_topics_that_were_corrected_become_events_of_their_topic()
    {
        await using var database = await ImportDatabase.CreateAsync();
        await database.LinesAsync(
            """
            insert into recs.recs_rejects (import_key, file, line, reason, detail, raw, at)
            select 'kafka:recs', f, l, 'unreadable', '', '{', now() from (values ('recs.rate[2]', 5), ('recs.watch[0]', 7), ('anything[1]', 9)) as m (f, l) returning file
            """);

        var retried = await RetryAsync(database, new(Corrections: new Dictionary<long, string>
        {
            [1] = """{"timestamp":1700000000000,"user_id":7,"movie_id":"heat+1995","rating":4.5}""",
            [2] = """{"timestamp":"2023-11-14T22:13:20Z","user_id":"7","movie_id":"heat+1995","minute":3}""",
            [3] = "2023-11-14T22:13:20,7,GET /rate/casino+1995=4",
        }));

        (retried.Stored, retried.Rejected).ShouldBe((3, 0), string.Join(',', retried.Reasons.Keys));
        (await database.LinesAsync("select type || ' ' || (data->>'MovieId') || ' ' || correlation_id || ' ' || causation_id from recs.mt_events where stream_id = 'user-7' order by version"))
            .ShouldBe(["movie_rated heat+1995 kafka:recs.rate retry:1", "movie_watched heat+1995 kafka:recs.watch retry:2", "movie_rated casino+1995 kafka:anything retry:3"]);
        (await database.EventsAsync("type = 'movie_added'")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_stream_that_takes_nothing_any_more_keeps_the_line_rejected_as_erased()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = new ImportFolder().WithUtf8("log.csv", "ann,heat+1995,4,100\nann,heat+1995,x,200\n");
        await database.Import.RunAsync(folder.File("log.csv"), new());
        await database.LinesAsync("select recs.mt_archive_stream('user-ann')::text");

        var retried = await RetryAsync(database, new(Corrections: new Dictionary<long, string> { [1] = "ann,heat+1995,4,200" }));

        retried.Reasons.ShouldBe(new Dictionary<string, long> { [RejectReasons.Erased] = 1 });
        (await database.LinesAsync("select newest_reason from recs.recs_rejects")).ShouldBe([RejectReasons.Erased]);
    }

    [Fact]
    public async Task A_row_that_the_input_itself_contradicts_is_retried_only_if_its_reason_is_named()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = ImportFolder.Ml1m("", movies: "1::Heat (1995)::Action\n1::Heat (1996)::Action\n");
        await database.Import.RunAsync(folder.Path, new());

        (await RetryAsync(database, new())).Tried.ShouldBe(0);
        (await RetryAsync(database, new(Reason: RejectReasons.RepeatedId))).Stored.ShouldBe(1);

        (await database.LinesAsync("select type || ' ' || (data->>'Year') from recs.mt_events where stream_id = 'movie-1' order by version")).ShouldBe(["movie_added 1995", "movie_changed 1996"]);
    }

    [Fact]
    public async Task A_line_of_which_only_the_beginning_was_kept_is_not_tried_as_it_is()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = new ImportFolder().WithUtf8("log.csv", $"ann,heat+1995,4,100\nann,heat+1995,4,100,{new string('9', Reject.MaxRawLength)}\n");
        await database.Import.RunAsync(folder.File("log.csv"), new());

        (await RetryAsync(database, new())).Rejected.ShouldBe(1);

        (await database.LinesAsync("select newest_detail from recs.recs_rejects")).Single().ShouldContain("correct it by hand");
    }

    [Theory]
    [InlineData("movies.jsonl", "{\"id\":\"first\"}\n{\"id\":\"b\u00e9\"}\n", "{\"id\":\"b\u00e9\"}")]
    [InlineData("service.log", "2023-10-25T07:20:57,1,GET /rate/heat+1995=4\nb\u00e9\n", "b\u00e9")]
    [InlineData("log.csv", "ann,heat+1995,4,100\nann,heat+1995\0,4,200\n", "ann,heat+1995\0,4,200")]
    public async Task A_line_that_is_no_text_is_kept_and_tried_again_byte_by_byte(string name, string latin1, string rejected)
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = new ImportFolder().With(name, latin1);
        var first = await database.Import.RunAsync(folder.File(name), new());
        var raw = (await database.LinesAsync("select raw from recs.recs_rejects")).Single();

        (await database.LinesAsync("select encode(raw_bytes, 'hex') from recs.recs_rejects")).ShouldBe([Convert.ToHexStringLower(Encoding.Latin1.GetBytes(rejected))]);
        raw.ShouldContain('\uFFFD');
        // What the list wrote stands for the line as it came, unless somebody corrects it.
        (await RetryAsync(database, new(Corrections: new Dictionary<long, string> { [1] = raw }))).Reasons.Keys.ShouldBe(first.Reasons.Keys);
        (await database.LinesAsync("select corrected from recs.recs_rejects")).ShouldBe(["null"]);
    }

    [Fact]
    public async Task Bytes_that_became_readable_are_read_and_not_the_text_that_stands_for_them()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = new ImportFolder().With("service.log", "2023-10-25T07:20:57,1,GET /rate/heat+1995=4\nb\u00e9\n");
        await database.Import.RunAsync(folder.File("service.log"), new());
        await database.LinesAsync("update recs.recs_rejects set raw_bytes = convert_to('2023-10-25T07:20:58,1,GET /rate/heat+1995=5', 'UTF8') returning file");

        (await RetryAsync(database, new())).Stored.ShouldBe(1);
    }

    private static Task<RetrySummary> RetryAsync(ImportDatabase database, RetryFilter filter) => new RetryRejects(database.Source, database.Options).RunAsync(filter);

    private static Task<IReadOnlyList<string>> RowsAsync(ImportDatabase database)
        => database.LinesAsync("select id || ' ' || reason || case when stored_at is null then ' open' else ' stored ' || corrected end from recs.recs_rejects order by id");
}
