using Npgsql;
using Recs.EventStore;
using Recs.EventStore.Schema;
using Recs.Projections;
using Recs.Testing;
using Shouldly;
using Xunit;

namespace Recs.Queries.Tests.Reading;

/// <summary>The SQL of the search: what it folds, and what it does where the server lacks something.</summary>
public class MovieSearchDatabaseTests
{
    private static async Task<TestDatabase> CreateAsync()
    {
        var database = await TestDatabase.CreateAsync();
        await SchemaMigrations.ApplyAsync(database.Source, new EventStoreOptions(), [typeof(EventStoreOptions).Assembly, typeof(RecsProjections).Assembly]);
        return database;
    }

    private static async Task<string[]> LinesAsync(NpgsqlDataSource source, string sql, params object[] values)
    {
        await using var command = source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await using var row = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await row.ReadAsync())
            lines.Add(row.IsDBNull(0) ? "" : row.GetString(0));
        return [.. lines];
    }

    private static Task<string[]> AddAsync(NpgsqlDataSource source, int count, string title) => LinesAsync(
        source, $"insert into read.movies (movie_id, title, genres, adult, inferred, version, sequence) select n::text, {title}, '{{}}', false, false, 1, 1 from generate_series(1, {count}) n returning ''");

    [Fact]
    public async Task Texts_fold_to_what_people_type()
    {
        await using var database = await CreateAsync();
        (string Text, string Folded)[] cases =
        [
            ("Matrix, The", "matrix"), ("The Matrix", "matrix"), ("A Bug's Life", "bugs life"), ("Die Hard", "die hard"), ("The", "the"), ("", ""), ("!?", ""),
            ("Cité des enfants perdus, La (The City)", "cite des enfants perdus the city"), ("Łódź & Øre", "lodz and ore"), ("Æon Straße", "aeon strasse"),
            ("S.W.A.T. — “8½”", "swat 81 2"), ("ΝΎΧΤΑ Ёлка", "νυχτα елка"), ("千と千尋", "千と千尋"), ("  two   blanks ", "two blanks"),
        ];
        foreach (var (text, folded) in cases)
            (await LinesAsync(database.Source, "select read.fold_text($1)", text)).ShouldBe([folded], text);
    }

    [Fact]
    public async Task A_title_of_any_length_can_be_stored()
    {
        await using var database = await CreateAsync();
        await AddAsync(database.Source, 1, "repeat('wörd ', 300000)");
        (await LinesAsync(database.Source, "select movie_id from read.search_movies('word', null, null, null, 0, 5)")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task Of_thousands_that_match_the_most_popular_come_first_on_every_page()
    {
        await using var database = await CreateAsync();
        await AddAsync(database.Source, 1500, "'Common word ' || n");
        await LinesAsync(
            database.Source, "insert into read.movie_popularity select n::text, n, 0, 0, 0, 0 from generate_series(1, 1500) n returning ''");
        (await LinesAsync(database.Source, "select movie_id from read.search_movies('common', null, null, null, 0, 3)")).ShouldBe(["1500", "1499", "1498"]);
        (await LinesAsync(database.Source, "select movie_id from read.search_movies('word', null, null, null, 997, 100)")).ShouldBe(["503", "502", "501"]);
        (await LinesAsync(database.Source, "select movie_id from read.search_movies(null, null, null, null, 3, 1)")).ShouldBe(["1497"]);
    }

    [Fact]
    public async Task Of_thousands_that_match_those_that_nobody_rated_follow_by_their_id()
    {
        await using var database = await CreateAsync();
        await AddAsync(database.Source, 1500, "'Common word ' || n");
        (await LinesAsync(database.Source, "select movie_id from read.search_movies('common', null, null, null, 0, 3)")).ShouldBe(["1", "10", "100"]);
        (await LinesAsync(database.Source, "select movie_id from read.search_movies(null, null, null, null, 1, 2)")).ShouldBe(["10", "100"]);

        await LinesAsync(database.Source, "insert into read.movie_popularity values ('10', 1, 0, 0, 0, 0), ('700', 2, 0, 0, 0, 0), ('gone', 9, 0, 0, 0, 0) returning ''");
        string[] all = ["700", "10", .. Enumerable.Range(1, 1500).Where(n => n is not (10 or 700)).Select(n => $"{n}").Order(StringComparer.Ordinal)];
        foreach (var q in new[] { "'common'", "null" })
            foreach (var skip in new[] { 0, 1, 2, 3, 950 })
                (await LinesAsync(database.Source, $"select movie_id from read.search_movies({q}, null, null, null, {skip}, 100)")).ShouldBe(all[skip..Math.Min(skip + 100, 1000)], $"{q} {skip}");
    }

    [Fact]
    public async Task Without_the_extension_a_search_says_that_words_must_be_spelt_right_until_it_is_there()
    {
        await using var database = await CreateAsync();
        await AddAsync(database.Source, 1, "'The Matrix'");
        const string Find = "select movie_id from read.search_movies($1, null, null, null, 0, 5)";
        (await LinesAsync(database.Source, "select read.misspelling()")).ShouldBe([""]);
        (await LinesAsync(database.Source, Find, "matrx")).ShouldBe(["1"]);

        await LinesAsync(database.Source, "drop extension pg_trgm cascade");
        await using (var connection = await database.Source.OpenConnectionAsync())
        {
            // A role that may do everything here but create an extension.
            await new NpgsqlCommand("create role no_extensions_" + database.Name + " nosuperuser", connection).ExecuteNonQueryAsync();
            await new NpgsqlCommand($"grant all on schema read to no_extensions_{database.Name}; alter function read.titles_like owner to no_extensions_{database.Name}; alter function read.title_similarity owner to no_extensions_{database.Name}; alter function read.user_ids_like owner to no_extensions_{database.Name}; alter function read.misspelling owner to no_extensions_{database.Name}; set role no_extensions_{database.Name}", connection).ExecuteNonQueryAsync();
            await new NpgsqlCommand("select read.prepare_search()", connection).ExecuteScalarAsync();
            await new NpgsqlCommand("reset role", connection).ExecuteNonQueryAsync();
        }
        try
        {
            (await LinesAsync(database.Source, Find, "matrx")).ShouldBeEmpty();
            (await LinesAsync(database.Source, Find, "matrix")).ShouldBe(["1"]);
            (await LinesAsync(database.Source, "select read.misspelling()")).Single().ShouldContain("pg_trgm");
            await LinesAsync(database.Source, "create extension pg_trgm");
            (await LinesAsync(database.Source, "select read.prepare_search()")).ShouldBe([""]);
            (await LinesAsync(database.Source, Find, "matrx")).ShouldBe(["1"]);
        }
        finally
        {
            await LinesAsync(database.Source, $"drop owned by no_extensions_{database.Name} cascade");
            await LinesAsync(database.Source, $"drop role no_extensions_{database.Name}");
        }
    }
}
