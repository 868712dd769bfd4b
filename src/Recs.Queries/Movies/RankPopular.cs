using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using NpgsqlTypes;
using Recs.Queries.Asking;
using Recs.Queries.Serving;

namespace Recs.Queries.Movies;

/// <summary>A movie among the popular ones.</summary>
/// <param name="MovieId">Text id.</param>
/// <param name="Title">Title without the year; the id for a movie that is not in the catalogue.</param>
/// <param name="Year">Year of release, if known.</param>
/// <param name="Genres">Genre names.</param>
/// <param name="Events">Ratings, watched minutes and opens together: what ranks it.</param>
/// <param name="Ratings">Ratings.</param>
/// <param name="MeanRating">Mean stars; null without a rating.</param>
/// <param name="Minutes">Watched minutes.</param>
/// <param name="Opens">Times that it was opened from a slate.</param>
public sealed record PopularMovie(
    string MovieId, string Title, int? Year, IReadOnlyList<string> Genres, long Events, long Ratings, double? MeanRating, long Minutes, long Opens);

/// <summary>What is popular.</summary>
/// <param name="Window"><c>1d</c>, <c>7d</c>, <c>30d</c> or <c>all</c>.</param>
/// <param name="Since">Begin of the window, a full hour; null for all time.</param>
/// <param name="Until">End of the window in the stream's own time: the greatest time of any counted event. Null before the first one.</param>
/// <param name="Items">Most events first, then in ordinal order of the id.</param>
/// <param name="ThroughSequence">Log position that popularity was folded through.</param>
public sealed record PopularMovies(string Window, DateTimeOffset? Since, DateTimeOffset? Until, IReadOnlyList<PopularMovie> Items, long ThroughSequence);

/// <summary><c>GET /popular</c>: the views <c>read.popular_*</c> (db/0102-popularity.sql).</summary>
public sealed class RankPopular(NpgsqlDataSource source, ReadModels models, LogFollower follower)
{
    private const int DefaultK = 20, MostK = 100;
    private const string DefaultWindow = "7d";
    private static readonly string[] Known = ["window", "genre", "k", "minSequence", "wait"];

    /// <summary>Hours of each window; null for all time.</summary>
    private static readonly Dictionary<string, int?> Windows = new(StringComparer.Ordinal) { ["1d"] = 24, ["7d"] = 168, ["30d"] = 720, ["all"] = null };

    /// <summary>Ranks the movies of a window.</summary>
    /// <param name="window">One of <c>1d</c>, <c>7d</c>, <c>30d</c>, <c>all</c>.</param>
    /// <param name="genre">Only movies of this genre, as the catalogue spells it; null for any.</param>
    /// <param name="k">Most movies.</param>
    /// <param name="cancel">Stops the read.</param>
    public async Task<PopularMovies> RankAsync(string window, string? genre, int k, CancellationToken cancel)
    {
        var hours = Windows[window];
        await using var command = source.CreateCommand(
            $"""
             select {models.PositionOf("Popularity")}, c.at, date_trunc('hour', c.at, 'UTC') - make_interval(hours => $3 - 1), p.*
             from (values (1)) as one left join read.popularity_clock c on true left join lateral (
               select p.movie_id, coalesce(m.title, p.movie_id), m.year, coalesce(m.genres, array[]::text[]), p.events, p.ratings, p.mean_rating, p.minutes, p.opens
               from read.popular_{window} p left join read.movies m using (movie_id)
               where $1::text is null or m.genres @> array[$1] order by p.events desc, p.movie_id collate "C" limit $2) p on true
             """);
        command.Parameters.Add(new() { Value = genre ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = k });
        command.Parameters.Add(new() { Value = hours ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var row = await command.ExecuteReaderAsync(cancel);
        var (through, items) = (0L, new List<PopularMovie>(k));
        DateTimeOffset? since = null, until = null;
        while (await row.ReadAsync(cancel))
        {
            through = row.GetInt64(0);
            until = row.IsDBNull(1) ? null : row.GetFieldValue<DateTimeOffset>(1);
            since = row.IsDBNull(2) ? null : row.GetFieldValue<DateTimeOffset>(2);
            if (!row.IsDBNull(3))
                items.Add(new(
                    row.GetString(3), row.GetString(4), row.IsDBNull(5) ? null : row.GetInt32(5), row.GetFieldValue<string[]>(6), row.GetInt64(7), row.GetInt64(8),
                    row.IsDBNull(9) ? null : row.GetDouble(9), row.GetInt64(10), row.GetInt64(11)));
        }
        return new(window, since, until, items, through);
    }

    /// <summary>Maps the route.</summary>
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/popular", HandleAsync)
        .WithName("Popular").WithTags("Movies").WithSummary("What most people rate, watch and open")
        .WithDescription("A window ends at the newest event of the stream, not now: an imported past has its own last week.")
        .Produces<PopularMovies>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    // The parameters are read by QueryReader, which names what is wrong; here they stand for the OpenAPI document.
    private static Task<IResult> HandleAsync(
        HttpContext http, RankPopular popular,
        [FromQuery, Description("The newest day, week or 30 days of the stream's own time, or all of it; 7d if left out."), OneOf("1d", "7d", "30d", "all")] string? window,
        [FromQuery, Description("Only movies of this genre.")] string? genre,
        [FromQuery, Description("Movies, 1 to 100; 20 if left out."), WholeNumber(1, MostK, DefaultK)] string? k,
        [FromQuery, Description("Answer only once popularity was folded through this log position.")] string? minSequence,
        [FromQuery, Description("Seconds to wait for minSequence, 0 to 30; 2 if left out.")] string? wait)
        => popular.AnswerAsync(http);

    private async Task<IResult> AnswerAsync(HttpContext http)
    {
        var read = new QueryReader(http.Request, Known);
        var window = read.OneOf("window", DefaultWindow, [.. Windows.Keys])!;
        var k = (int)read.Number("k", DefaultK, 1, MostK, "a whole number from 1 to 100");
        var (genre, minSequence, wait) = (read.Genre(follower.Catalogue), read.MinSequence(), read.Wait());
        if (read.Refusal is { } refusal)
            return refusal;
        if (!await models.ReachAsync("Popularity", minSequence, wait, http.RequestAborted))
            return Refusal.NotYet(http, $"Popularity is not folded through {minSequence} yet.");
        var popular = await RankAsync(window, genre, k, http.RequestAborted);
        return Results.Json(popular with { ThroughSequence = Math.Max(popular.ThroughSequence, minSequence) }, MoviesJson.Default.PopularMovies);
    }
}
