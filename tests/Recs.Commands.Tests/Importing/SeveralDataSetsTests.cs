using Recs.Commands.Importing;

namespace Recs.Commands.Tests.Importing;

public sealed class SeveralDataSetsTests
{
    private const string MoviesHeader = "movieId,title,genres\n";
    private const string RatingsHeader = "userId,movieId,rating,timestamp\n";

    [Fact]
    public async Task Equal_ids_are_the_same_person_and_the_summary_says_how_many_met()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var first = ImportFolder.Ml1m("1::1::5::100\n2::1::4::200\n");
        using var second = new ImportFolder().WithUtf8("movies.csv", MoviesHeader + "1,Heat (1995),Action|Crime\n").WithUtf8("ratings.csv", RatingsHeader + "2,1,3.5,150\n3,1,4.5,160\n2,1,4,200\n");
        await database.Import.RunAsync(first.Path, new(Source: "one"));

        var summary = await database.Import.RunAsync(second.Path, new(Source: "two"));

        (summary.UsersMet, summary.CleanRows, summary.DuplicateRows).ShouldBe((1, 2, 2));
        (await database.LinesAsync("select data->>'Rating' from recs.mt_events where stream_id = 'user-2' order by version")).ShouldBe(["4", "3.5"]);
        (await database.Import.RunAsync(second.Path, new(Source: "two"))).UsersMet.ShouldBe(1);
    }

    [Fact]
    public async Task A_prefix_keeps_persons_apart()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = ImportFolder.Ml1m("1::1::5::100\n");
        await database.Import.RunAsync(folder.Path, new());

        var summary = await database.Import.RunAsync(folder.Path, new(UserPrefix: "other."));

        (summary.UsersMet, summary.CleanRows, summary.DuplicateRows).ShouldBe((0, 2, 2));
        (await database.EventsAsync("stream_id = 'user-other.1'")).ShouldBe(
        [
            """user-other.1 user_registered {"Age": 25, "Gender": "F", "UserId": "other.1", "ZipCode": "12345", "Occupation": "7"}""",
            """user-other.1 movie_rated {"At": "1970-01-01T00:01:40+00:00", "Rating": 5, "UserId": "other.1", "MovieId": "1"}""",
        ]);
    }

    [Fact]
    public async Task A_prefix_that_makes_an_id_too_long_is_refused()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var folder = ImportFolder.Ml1m("1::1::5::100\n");

        (await Should.ThrowAsync<ImportInputException>(() => database.Import.RunAsync(folder.Path, new(UserPrefix: new string('p', 200))))).Message.ShouldContain("with its prefix");
    }

    [Fact]
    public async Task Other_content_for_a_known_movie_or_person_is_a_change_and_told_once()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var first = ImportFolder.Ml1m("1::1::5::100\n");
        using var second = ImportFolder.Ml1m("1::1::5::100\n", movies: "1::Heat (1996)::Action\n2::Sabrina::Comedy\n", users: "1::F::35::7::12345\n9::M::1::0::1\n");
        await database.Import.RunAsync(first.Path, new(Source: "one"));

        var changed = await database.Import.RunAsync(second.Path, new(Source: "two"));
        var again = await database.Import.RunAsync(second.Path, new(Source: "two"));

        (changed.CleanRows, changed.DuplicateRows, again.CleanRows).ShouldBe((3, 2, 0));
        (await database.LinesAsync("select stream_id || ' ' || type from recs.mt_events where correlation_id like 'import:two:%' and type <> 'batch_validated' order by seq_id"))
            .ShouldBe(["movie-1 movie_changed", "user-1 user_changed", "user-9 user_registered"]);
    }

    [Fact]
    public async Task A_person_known_by_ratings_alone_is_registered_not_changed()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var first = new ImportFolder().WithUtf8("log.csv", "1,1,4,100\n");
        using var second = ImportFolder.Ml1m("");
        await database.Import.RunAsync(first.File("log.csv"), new());

        await database.Import.RunAsync(second.Path, new());

        (await database.LinesAsync("select type from recs.mt_events where stream_id = 'user-1' order by version")).ShouldBe(["movie_rated", "user_registered"]);
        (await database.LinesAsync("select type from recs.mt_events where stream_id = 'movie-1' order by version")).ShouldBe(["movie_added", "movie_changed"]);
    }

    [Fact]
    public async Task Interactions_infer_the_movies_that_nobody_added()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var catalogue = ImportFolder.Ml1m("");
        using var interactions = new ImportFolder().WithUtf8("log.csv", "ann,the+matrix+1999,4.5,200\nann,1,4,100\nbob,the+matrix+1999,2,50\n");
        await database.Import.RunAsync(catalogue.Path, new());

        var summary = await database.Import.RunAsync(interactions.File("log.csv"), new());
        var again = await database.Import.RunAsync(interactions.File("log.csv"), new());

        (summary.InputRows, summary.CleanRows, summary.InferredMovies).ShouldBe((3, 3, 1));
        (again.CleanRows, again.DuplicateRows, again.InferredMovies).ShouldBe((0, 3, 0));
        (await database.EventsAsync("correlation_id like 'import:log.csv:%' and type like 'movie_added'")).ShouldBe(
            ["""movie-the+matrix+1999 movie_added {"Year": 1999, "Adult": false, "Title": "the matrix", "Genres": [], "MovieId": "the+matrix+1999", "Inferred": true}"""]);
    }
}
