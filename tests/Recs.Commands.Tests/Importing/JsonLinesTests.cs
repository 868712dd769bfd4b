using FsCheck;
using FsCheck.Fluent;
using Recs.Commands.Importing;
using Recs.Contracts.Movies;
using Recs.Contracts.Users;

namespace Recs.Commands.Tests.Importing;

public sealed class JsonLinesTests
{
    [Fact]
    public void A_movie_of_the_simulator_is_read_with_all_that_is_known_of_it()
    {
        var movie = Movie("""{"id":"the+matrix+1999","title":"The Matrix","genres":[{"id":28,"name":"Action"},{"name":"Science Fiction"}],"adult":"False","runtime":136,"release_date":"1999-03-30","spoken_languages":[{"iso_639_1":"en","name":"English"}],"budget":"63000000"}""");

        (movie.MovieId, movie.Title, movie.Year, movie.Adult, movie.RuntimeMinutes, movie.Inferred).ShouldBe(("the+matrix+1999", "The Matrix", 1999, false, 136, false));
        movie.Genres.ShouldBe(["Action", "Science Fiction"]);
        movie.Languages.ShouldBe(["en"]);
    }

    [Theory]
    [InlineData("""{"movie_id":"the+matrix+1999"}""", "the matrix", 1999)]
    [InlineData("""{"id":"the+matrix+1999","original_title":"Matrix","year":2000}""", "Matrix", 2000)]
    [InlineData("""{"id":"7","title":"Heat (1995)","release_date":""}""", "Heat", 1995)]
    [InlineData("""{"id":7,"title":"Heat","genres":null,"runtime":0,"languages":[],"adult":null}""", "Heat", null)]
    public void What_is_left_out_is_read_from_the_id_or_unknown(string line, string title, int? year)
    {
        var movie = Movie(line);

        (movie.Title, movie.Year, movie.RuntimeMinutes, movie.Languages).ShouldBe((title, year, null, null));
        movie.Genres.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"user_id":1,"age":34,"occupation":"sales/marketing","gender":"M"}""", "1", "M", 34, "sales/marketing")]
    [InlineData("""{"userId":"ann","age":"34"}""", "ann", null, 34, null)]
    public void A_person_is_read(string line, string id, string? gender, int? age, string? occupation)
    {
        using var folder = new ImportFolder().WithUtf8("users.jsonl", line);

        folder.Read(file: "users.jsonl").Set.Users.ShouldBe([new UserRegistered(id, gender, age, occupation)]);
    }

    [Theory]
    [InlineData("nonsense", RejectReasons.BadJson)]
    [InlineData("[1]", RejectReasons.BadJson)]
    [InlineData("""{"id":"a+1"} {"id":"b+2"}""", RejectReasons.BadJson)]
    [InlineData("""{"id":"a+1","title":"\ud800"}""", RejectReasons.BadJson)]
    [InlineData("""{"user_id":5}""", RejectReasons.BadJson)]
    [InlineData("""{"title":"no id"}""", RejectReasons.BadMovieId)]
    [InlineData("""{"id":"not an id"}""", RejectReasons.BadMovieId)]
    [InlineData("""{"id":"a+1","title":" "}""", RejectReasons.BadTitle)]
    [InlineData("""{"id":"a+1","year":"soon"}""", RejectReasons.BadYear)]
    [InlineData("""{"id":"a+1","genres":"Action"}""", RejectReasons.BadGenres)]
    [InlineData("""{"id":"a+1","genres":[{"id":28}]}""", RejectReasons.BadGenres)]
    [InlineData("""{"id":"a+1","adult":"perhaps"}""", RejectReasons.BadAdult)]
    [InlineData("""{"id":"a+1","runtime":-1}""", RejectReasons.BadRuntime)]
    [InlineData("""{"id":"a+1","languages":["english"]}""", RejectReasons.BadLanguages)]
    [InlineData("""{"id":"first","title":"Other"}""", RejectReasons.RepeatedId)]
    public void A_bad_line_is_kept_with_its_reason_and_harms_no_other(string line, string reason)
    {
        using var folder = new ImportFolder().WithUtf8("movies.jsonl", "{\"id\":\"first\"}\n" + line + "\n{\"id\":\"last\"}\n");

        var (set, rejects) = folder.Read(file: "movies.jsonl");

        rejects.Select(r => (r.Line, r.Reason)).ShouldBe([(2L, reason)]);
        set.Movies.Select(m => m.MovieId).ShouldBe(["first", "last"]);
    }

    [Theory]
    [InlineData("""{"user_id":"not an id"}""", RejectReasons.BadUserId)]
    [InlineData("""{"user_id":2,"age":121}""", RejectReasons.BadAge)]
    [InlineData("""{"user_id":2,"gender":[]}""", RejectReasons.BadGender)]
    [InlineData("""{"user_id":2,"occupation":{}}""", RejectReasons.BadOccupation)]
    [InlineData("""{"id":"a+1"}""", RejectReasons.BadJson)]
    public void A_bad_person_is_kept_with_its_reason(string line, string reason)
    {
        using var folder = new ImportFolder().WithUtf8("users.jsonl", "{\"user_id\":1}\n" + line + "\n");

        folder.Read(file: "users.jsonl").Rejects.Single().Reason.ShouldBe(reason);
    }

    [Theory]
    [InlineData("{\"title\":\"T\"}\n{\"id\":\"a+1\"}\n", 1L, RejectReasons.BadMovieId, "id is missing, of a movie; or user_id, of a person.")]
    [InlineData("{\"age\":30}\n{\"user_id\":1}\n", 1L, RejectReasons.BadMovieId, "id is missing, of a movie; or user_id, of a person.")]
    [InlineData("{\"id\":\"a+1\"}\n{\"title\":\"T\"}\n", 2L, RejectReasons.BadMovieId, "id is missing.")]
    [InlineData("{\"user_id\":1}\n{\"age\":30}\n", 2L, RejectReasons.BadUserId, "user_id is missing.")]
    public void A_line_without_an_id_names_the_field_and_does_not_say_what_the_others_are(string lines, long line, string reason, string detail)
    {
        using var folder = new ImportFolder().WithUtf8("catalogue.jsonl", lines);

        folder.Read(file: "catalogue.jsonl").Rejects.Select(r => (r.Line, r.Reason, r.Detail)).ShouldBe([(line, reason, detail)]);
    }

    [Fact]
    public void No_bytes_crash_the_reader_and_every_line_counts_once()
    {
        const string good = """{"id":"a+1","title":"T","genres":[{"name":"G"}],"adult":false,"runtime":90,"languages":["en"]}""";
        var mutated = from at in Gen.Choose(0, good.Length - 1) from b in Gen.Choose(0, 255).Where(b => b != '\n') select Mutate(good, at, (byte)b);

        Prop.ForAll(mutated.NonEmptyListOf().ToArbitrary(), lines =>
        {
            using var folder = new ImportFolder().With("movies.jsonl", [.. lines.SelectMany(l => l.Append((byte)'\n'))]);
            var (set, rejects) = folder.Read(Recs.Commands.Importing.Formats.DataSetFormat.JsonLines, "movies.jsonl");

            var file = (set.MoviesFile ?? set.UsersFile)!;
            file.InputRows.ShouldBe(lines.Count);
            (set.Movies.Count + set.Users.Count + file.DuplicateRows + rejects.Count).ShouldBe(lines.Count);
        }).Check(Config.QuickThrowOnFailure);
    }

    [Fact]
    public async Task A_catalogue_replaces_what_was_inferred_and_only_what_changed_is_an_event()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var log = new ImportFolder().WithUtf8("log.csv", "ann,the+matrix+1999,4.5,200\n");
        using var first = new ImportFolder().WithUtf8("movies.jsonl", "{\"id\":\"the+matrix+1999\",\"title\":\"The Matrix\"}\n{\"id\":\"big+1988\"}\n");
        using var second = new ImportFolder().WithUtf8("movies.jsonl", "{\"id\":\"the+matrix+1999\",\"title\":\"Matrix\"}\n{\"id\":\"big+1988\"}\n");
        await database.Import.RunAsync(log.File("log.csv"), new());

        var runs = new List<(long Stored, long Duplicate)>();
        foreach (var folder in new[] { first, first, second, second, first, first })
        {
            var run = await database.Import.RunAsync(folder.File("movies.jsonl"), new());
            runs.Add((run.CleanRows, run.DuplicateRows));
        }

        runs.ShouldBe([(2, 0), (0, 2), (1, 1), (0, 2), (1, 1), (0, 2)]);
        (await database.LinesAsync("select type || ' ' || (data->>'Title') || ' ' || (data->>'Inferred') from recs.mt_events where stream_id = 'movie-the+matrix+1999' order by version"))
            .ShouldBe(["movie_added the matrix true", "movie_changed The Matrix false", "movie_changed Matrix false", "movie_changed The Matrix false"]);
        (await database.LinesAsync("select type from recs.mt_events where stream_id = 'movie-big+1988'")).ShouldBe(["movie_added"]);
    }

    [Fact]
    public async Task People_are_registered_and_changed()
    {
        await using var database = await ImportDatabase.CreateAsync();
        using var first = new ImportFolder().WithUtf8("users.jsonl", "{\"user_id\":1,\"age\":34}\n");
        using var second = new ImportFolder().WithUtf8("users.jsonl", "{\"user_id\":1,\"age\":35}\n");
        await database.Import.RunAsync(first.File("users.jsonl"), new(UserPrefix: "p."));
        await database.Import.RunAsync(second.File("users.jsonl"), new(UserPrefix: "p."));

        (await database.LinesAsync("select type || ' ' || (data->>'Age') from recs.mt_events where stream_id = 'user-p.1' order by version")).ShouldBe(["user_registered 34", "user_changed 35"]);
    }

    private static MovieAdded Movie(string line)
    {
        using var folder = new ImportFolder().WithUtf8("movies.jsonl", line + "\n");
        var (set, rejects) = folder.Read(file: "movies.jsonl");
        rejects.ShouldBeEmpty();
        return set.Movies.Single();
    }

    private static byte[] Mutate(string text, int at, byte b)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        bytes[at] = b;
        return bytes;
    }
}
