using System.Text.Json;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Formats;
using Recs.Commands.Simulating;

namespace Recs.Commands.Tests.Importing;

public sealed class ImportDataSetTests
{
    private const string Ratings = "1::2::4::978300900\n7::1::5::978300760\n1::1::3::978300760\n";

    [Fact]
    public async Task Movies_come_first_then_persons_then_ratings_in_the_order_of_time()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = ImportFolder.Ml1m(Ratings);

        var summary = await database.Import.RunAsync(folder.Path, new(Source: "ml-test"));

        (await database.EventsAsync()).ShouldBe(
        [
            """movie-1 movie_added {"Year": 1995, "Adult": false, "Title": "Heat", "Genres": ["Action", "Crime"], "MovieId": "1", "Inferred": false}""",
            """movie-2 movie_added {"Adult": false, "Title": "Sabrina", "Genres": ["Comedy"], "MovieId": "2", "Inferred": false}""",
            """user-1 user_registered {"Age": 25, "Gender": "F", "UserId": "1", "ZipCode": "12345", "Occupation": "7"}""",
            """user-7 movie_rated {"At": "2000-12-31T22:12:40+00:00", "Rating": 5, "UserId": "7", "MovieId": "1"}""",
            """user-1 movie_rated {"At": "2000-12-31T22:12:40+00:00", "Rating": 3, "UserId": "1", "MovieId": "1"}""",
            """user-1 movie_rated {"At": "2000-12-31T22:15:00+00:00", "Rating": 4, "UserId": "1", "MovieId": "2"}""",
        ]);
        (await database.LinesAsync("select distinct correlation_id || ' ' || causation_id from recs.mt_events")).ShouldBe([$"import:ml-test:{summary.Key[..8]} import-run:1"]);
        (summary.InputRows, summary.CleanRows, summary.DuplicateRows, summary.RejectRows, summary.UsersMet).ShouldBe((6, 6, 0, 0, 0));
    }

    [Fact]
    public async Task A_second_run_adds_nothing_and_counts_duplicates()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = ImportFolder.Ml1m(Ratings + "broken\n");
        await database.Import.RunAsync(folder.Path, new());

        var second = await database.Import.RunAsync(folder.Path, new());

        (second.InputRows, second.CleanRows, second.DuplicateRows, second.RejectRows, second.ResumedFrom).ShouldBe((7, 0, 6, 1, 0));
        (await database.EventsAsync()).Count.ShouldBe(6);
        (await database.LinesAsync("select file || ' ' || line || ' ' || reason || ' ' || raw from recs.recs_rejects")).ShouldBe(["ratings.dat 4 wrong-field-count broken"]);
        (await database.LinesAsync("select clean_rows || ' ' || duplicate_rows || ' ' || reject_rows from recs.recs_imports order by id")).ShouldBe(["6 0 1", "0 6 1"]);
    }

    [Fact]
    public async Task A_row_that_the_input_holds_twice_is_stored_once()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = ImportFolder.Ml1m(Ratings + Ratings, movies: "1::Heat (1995)::Action\n1::Heat (1995)::Action\n2::Sabrina::Comedy\n");

        var summary = await database.Import.RunAsync(folder.Path, new());

        summary.Files.ShouldBe([new("movies.dat", 3, 2, 1, 0), new("users.dat", 1, 1, 0, 0), new("ratings.dat", 6, 3, 3, 0)]);
    }

    [Fact]
    public async Task The_summary_is_the_JSON_that_scripts_read()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = ImportFolder.Ml1m(Ratings + "1::9::4::978300900\n");

        var summary = await database.Import.RunAsync(folder.Path, new());

        var json = JsonDocument.Parse(JsonSerializer.Serialize(summary, ImportJson.Default.ImportSummary)).RootElement;
        string[] numbers = ["inputRows", "cleanRows", "duplicateRows", "rejectRows"];
        numbers.Select(n => json.GetProperty(n).GetInt64()).ShouldBe([7L, 6L, 0L, 1L]);
        json.GetProperty("rejectRate").GetDouble().ShouldBe(1 / 7.0);
        json.GetProperty("reasons").GetProperty("unknown-movie").GetInt64().ShouldBe(1);
        json.GetProperty("seconds").GetDouble().ShouldBeGreaterThan(0);
        json.GetProperty("eventsPerSecond").GetDouble().ShouldBeGreaterThan(0);
        json.GetProperty("files").EnumerateArray().Last().GetProperty("file").GetString().ShouldBe("ratings.dat");
        numbers.Select(n => json.GetProperty("files").EnumerateArray().Last().GetProperty(n).GetInt64()).ShouldBe([4L, 3L, 0L, 1L]);
    }

    [Theory]
    [InlineData(0.1, false)]
    [InlineData(0.2, true)]
    public async Task Over_the_limit_of_rejects_nothing_is_stored_but_the_rejects_are_kept(double limit, bool stored)
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = ImportFolder.Ml1m(Ratings + "broken\n");

        var summary = await database.Import.RunAsync(folder.Path, new(MaxRejectRate: limit));

        (summary.Refused is null).ShouldBe(stored);
        (await database.EventsAsync()).Count.ShouldBe(stored ? 6 : 0);
        (await database.LinesAsync("select reason from recs.recs_rejects")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task More_rejects_than_a_batch_holds_are_all_kept()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = ImportFolder.Ml1m(Ratings + string.Concat(Enumerable.Range(0, 2500).Select(i => $"broken {i}\n")));

        var summary = await database.Import.RunAsync(folder.Path, new());

        summary.Reasons.ShouldBe(new Dictionary<string, long> { [RejectReasons.WrongFieldCount] = 2500 });
        (await database.LinesAsync("select count(distinct line)::text from recs.recs_rejects")).ShouldBe(["2500"]);
    }

    [Fact]
    public async Task A_simulated_world_goes_the_same_way_as_its_files()
    {
        var world = new SimulatedWorld(Users: 60, Movies: 100, MeanRatings: 20).ToDataSet();
        await using var direct = await ImportDatabase.CreateAsync();
        await using var byFiles = await ImportDatabase.CreateAsync();
        using var folder = new ImportFolder();
        Ml1mFolder.Write(world, folder.Path);

        var summary = await direct.Import.RunAsync(world, new());
        await byFiles.Import.RunAsync(folder.Path, new());

        summary.CleanRows.ShouldBe(summary.InputRows);
        (await direct.EventsAsync()).ShouldBe(await byFiles.EventsAsync());
    }

    [Theory]
    [InlineData("bad prefix", null, null)]
    [InlineData("", "a:b", null)]
    [InlineData("", null, 1.5)]
    public async Task Options_out_of_their_range_are_refused(string prefix, string? source, double? limit)
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = ImportFolder.Ml1m(Ratings);

        await Should.ThrowAsync<ImportInputException>(() => database.Import.RunAsync(folder.Path, new(DataSetFormat.Auto, source, prefix, limit)));

        (await database.EventsAsync()).ShouldBeEmpty();
    }
}
