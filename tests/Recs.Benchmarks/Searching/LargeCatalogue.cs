using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.EventStore.Projecting;
using Recs.EventStore.Schema;
using Recs.Projections;

namespace Recs.Benchmarks.Searching;

/// <summary>
/// 60,000 movies with titles of one to six words. Words are drawn by Zipf's law from a few English ones and 20,000 made of syllables, since that is how the words of titles
/// are spread: some are in thousands of them, most in one or two. A quarter begins with an article, one in twenty has an accent.
/// </summary>
internal static class LargeCatalogue
{
    public const int Movies = 60_000;
    private const int Words = 20_000;
    private static readonly string[] Common = ["of", "the", "and", "in", "love", "night", "man", "story", "life", "time", "house", "star", "last", "dead", "girl", "city", "war", "blue"];
    private static readonly string[] Onsets = ["", "b", "br", "c", "ch", "d", "f", "fl", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "pl", "r", "s", "sh", "st", "t", "tr", "v", "w"];
    private static readonly string[] Vowels = ["a", "e", "i", "o", "u", "ai", "ea", "ou"];
    private static readonly string[] Codas = ["", "", "", "ck", "ght", "l", "m", "n", "nd", "ng", "r", "rt", "s", "st", "x"];
    private static readonly string[] Genres = ["Action", "Adventure", "Comedy", "Crime", "Drama", "Horror", "Romance", "Sci-Fi", "Thriller", "War"];

    /// <summary>The titles, the same in every run.</summary>
    public static string[] Titles()
    {
        var random = new Random(60_000);
        string[] words = [.. Common, .. Enumerable.Range(0, Words).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Syllable(random))))];
        return [.. Enumerable.Range(0, Movies).Select(_ => Title(random, words))];
    }

    private static string Title(Random random, string[] words)
    {
        var title = string.Join(' ', Enumerable.Range(0, random.Next(1, 7)).Select(_ => Capital(words[(int)(words.Length * Math.Pow(random.NextDouble(), 4))])));
        if (random.Next(20) == 0)
            title = title.Replace('e', 'é').Replace('o', 'ö');
        return random.Next(4) == 0 ? "The " + title : title;
    }

    /// <summary>One of some 3,000, so that a run of three letters is about as rare as in a living language.</summary>
    private static string Syllable(Random random) => Onsets[random.Next(Onsets.Length)] + Vowels[random.Next(Vowels.Length)] + Codas[random.Next(Codas.Length)];

    private static string Capital(string word) => char.ToUpper(word[0], CultureInfo.InvariantCulture) + word[1..];

    /// <summary>Writes the movies and ratings of some of them into an empty database, and folds both.</summary>
    public static async Task CreateAsync(NpgsqlDataSource source, EventStoreOptions options, CancellationToken cancel)
    {
        await SchemaMigrations.ApplyAsync(source, options, [typeof(EventStoreOptions).Assembly, typeof(RecsProjections).Assembly], cancel);
        var random = new Random(1);
        await ExecuteAsync(
            source,
            $$"""
              with added as (
                insert into {{options.Schema}}.mt_streams (id, version) select 'movie-' || n, 1 from generate_series(1, cardinality($1)) n returning id)
              insert into {{options.Schema}}.mt_events (seq_id, id, stream_id, version, data, type, timestamp)
              select nextval('{{options.Schema}}.mt_events_sequence'), gen_random_uuid(), 'movie-' || n, 1,
                     jsonb_build_object('MovieId', n::text, 'Title', title, 'Year', year, 'Genres', jsonb_build_array(genre, 'Drama')), 'movie_added', now()
              from unnest($1, $2, $3) with ordinality as m(title, year, genre, n), (select count(*) from added) a
              """,
            cancel, Titles(), Enumerable.Range(0, Movies).Select(_ => random.Next(1930, 2026)).ToArray(),
            Enumerable.Range(0, Movies).Select(_ => Genres[random.Next(Genres.Length)]).ToArray());
        await ExecuteAsync(
            source,
            $$"""
              insert into {{options.Schema}}.mt_streams (id, version) values ('user-1', 200000);
              insert into {{options.Schema}}.mt_events (seq_id, id, stream_id, version, data, type, timestamp)
              select nextval('{{options.Schema}}.mt_events_sequence'), gen_random_uuid(), 'user-1', n,
                     jsonb_build_object('UserId', '1', 'MovieId', (1 + floor({{Movies}} * power((hashint4(n) & 65535) / 65536.0, 2)))::text, 'Rating', 1 + n % 5, 'At', '2020-01-01T00:00:00+00:00'),
                     'movie_rated', now()
              from generate_series(1, 200000) n
              """, cancel);
        foreach (var projection in RecsProjections.All)
            await new ProjectionRebuild(source, options, new EventTypes()).RebuildAsync(projection, cancel: cancel);
        await ExecuteAsync(source, "checkpoint", cancel);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken cancel, params object[] values)
    {
        await using var command = source.CreateCommand(sql);
        command.CommandTimeout = 0;
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value, NpgsqlDbType = NpgsqlDbType.Array | (value is int[]? NpgsqlDbType.Integer : NpgsqlDbType.Text) });
        await command.ExecuteNonQueryAsync(cancel);
    }
}
