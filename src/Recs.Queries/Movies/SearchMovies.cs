using System.ComponentModel;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using NpgsqlTypes;
using Recs.Queries.Asking;
using Recs.Queries.Serving;

namespace Recs.Queries.Movies;

/// <summary>A movie that a search found.</summary>
/// <param name="MovieId">Text id.</param>
/// <param name="Title">Title without the year.</param>
/// <param name="Year">Year of release, if known.</param>
/// <param name="Genres">Genre names.</param>
/// <param name="Adult">For adults only.</param>
/// <param name="Events">Ratings, watched minutes and opens of all time.</param>
/// <param name="MatchedBy"><c>title</c>, <c>beginning</c>, <c>words</c>, <c>swapped letters</c> or <c>trigrams</c>; <c>any</c> where nothing was asked for.</param>
public sealed record FoundMovie(string MovieId, string Title, int? Year, IReadOnlyList<string> Genres, bool Adult, long Events, string MatchedBy);

/// <summary>What a search found.</summary>
/// <param name="Items">Best first.</param>
/// <param name="NextSkip"><c>skip</c> of the next page; null if this is the last one.</param>
/// <param name="Note">What this database cannot do, or null.</param>
/// <param name="ThroughSequence">Log position that the catalogue was folded through.</param>
public sealed record MovieSearch(IReadOnlyList<FoundMovie> Items, int? NextSkip, string? Note, long ThroughSequence);

/// <summary><c>GET /movies</c>: what somebody typed, misspelt or not (db/0109-search-movies.sql ranks).</summary>
public sealed class SearchMovies(NpgsqlDataSource source, ReadModels models, LogFollower follower)
{
    private const int DefaultK = 20, MostK = 100, MostSkip = 900, FirstYear = 1800, LastYear = 2200;
    private static readonly string[] Known = ["q", "genre", "year", "k", "skip", "minSequence", "wait"];

    private readonly string _sql =
        $"""
         select {models.PositionOf("Catalogue")}, read.misspelling(), m.movie_id, m.title, m.year, m.genres, m.adult, m.events, m.matched_by
         from (values (1)) as one left join read.search_movies($1, $2, $3, $4, $5, $6) m on true
         """;

    /// <summary>Finds movies.</summary>
    /// <param name="q">What was typed, 1 to 200 characters; null for the most popular movies.</param>
    /// <param name="genre">Only movies of this genre, as the catalogue spells it; null for any.</param>
    /// <param name="years">Only movies of these years, both ends included; null for any.</param>
    /// <param name="skip">Movies to pass over, 0 to 900.</param>
    /// <param name="k">Most movies, 1 to 100.</param>
    /// <param name="cancel">Stops the search.</param>
    public async Task<MovieSearch> FindAsync(string? q, string? genre, (int From, int To)? years, int skip, int k, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(_sql);
        void Add(object? value, NpgsqlDbType type) => command.Parameters.Add(new() { Value = value ?? DBNull.Value, NpgsqlDbType = type });
        Add(q, NpgsqlDbType.Text);
        Add(genre, NpgsqlDbType.Text);
        Add(years?.From, NpgsqlDbType.Integer);
        Add(years?.To, NpgsqlDbType.Integer);
        Add(skip, NpgsqlDbType.Integer);
        Add(k + 1, NpgsqlDbType.Integer); // one more tells whether there is a next page
        await using var row = await command.ExecuteReaderAsync(cancel);
        var (found, note, through) = (new List<FoundMovie>(k + 1), (string?)null, 0L);
        while (await row.ReadAsync(cancel))
        {
            (through, note) = (row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1));
            if (!row.IsDBNull(2))
                found.Add(new(
                    row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetInt32(4), row.GetFieldValue<string[]>(5), row.GetBoolean(6), row.GetInt64(7),
                    row.GetString(8)));
        }
        return new(found.Count > k ? found[..k] : found, found.Count > k && skip + k <= MostSkip ? skip + k : null, note, through);
    }

    /// <summary>Maps the route.</summary>
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/movies", HandleAsync)
        .WithName("SearchMovies").WithTags("Movies").WithSummary("Find movies by title, misspelt or not")
        .WithDescription("The title itself comes first, then titles that begin so, then titles with all the words; misspelt words find what is alike if nothing has them as "
            + "they are. Without q: the most popular movies.")
        .Produces<MovieSearch>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    // The parameters are read by QueryReader, which names what is wrong; here they stand for the OpenAPI document.
    private static Task<IResult> HandleAsync(
        HttpContext http, SearchMovies search,
        [FromQuery, Description("What was typed, 1 to 200 characters; the most popular movies if left out.")] string? q,
        [FromQuery, Description("Only movies of this genre.")] string? genre,
        [FromQuery, Description("Only movies of this year (1999) or these years (1990-1999).")] string? year,
        [FromQuery, Description("Movies, 1 to 100; 20 if left out."), WholeNumber(1, MostK, DefaultK)] string? k,
        [FromQuery, Description("Movies to pass over: nextSkip of the page before."), WholeNumber(0, MostSkip, 0)] string? skip,
        [FromQuery, Description("Answer only once the catalogue was folded through this log position.")] string? minSequence,
        [FromQuery, Description("Seconds to wait for minSequence, 0 to 30; 2 if left out.")] string? wait)
        => search.AnswerAsync(http);

    private async Task<IResult> AnswerAsync(HttpContext http)
    {
        var read = new QueryReader(http.Request, Known);
        var (q, years) = (read.Text("q"), Years(read));
        var (k, skip) = ((int)read.Number("k", DefaultK, 1, MostK, "a whole number from 1 to 100"), (int)read.Number("skip", 0, 0, MostSkip, "a whole number from 0 to 900"));
        var (genre, minSequence, wait) = (read.Genre(follower.Catalogue), read.MinSequence(), read.Wait());
        if (read.Refusal is { } refusal)
            return refusal;
        if (!await models.ReachAsync("Catalogue", minSequence, wait, http.RequestAborted))
            return Refusal.NotYet(http, $"The catalogue is not folded through {minSequence} yet.");
        var found = await FindAsync(q, genre, years, skip, k, http.RequestAborted);
        return Results.Json(found with { ThroughSequence = Math.Max(found.ThroughSequence, minSequence) }, MoviesJson.Default.MovieSearch);
    }

    private static (int From, int To)? Years(QueryReader read)
    {
        if (read.Text("year") is not { } text)
            return null;
        var ends = text.Split('-');
        if (ends.Length <= 2 && Year(ends[0]) is { } from && Year(ends[^1]) is { } to && from <= to)
            return (from, to);
        read.Wrong("year", $"Expected a year or two years joined by a hyphen, such as 1999 or 1990-1999, from {FirstYear} to {LastYear}; found '{text}'.");
        return null;
    }

    private static int? Year(string text)
        => int.TryParse(text, NumberStyles.None, null, out var year) && year is >= FirstYear and <= LastYear ? year : null;
}
