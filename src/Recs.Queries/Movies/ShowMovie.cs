using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Recs.Queries.Asking;

namespace Recs.Queries.Movies;

/// <summary>How much a movie is rated, watched and opened in a stretch of the stream's own time.</summary>
/// <param name="Window"><c>1d</c>, <c>7d</c>, <c>30d</c> or <c>all</c>.</param>
/// <param name="Events">Ratings, watched minutes and opens together.</param>
/// <param name="Ratings">Ratings.</param>
/// <param name="MeanRating">Mean stars; null without a rating.</param>
/// <param name="Minutes">Watched minutes.</param>
/// <param name="Opens">Times that it was opened from a slate.</param>
public sealed record PopularityWithin(string Window, long Events, long Ratings, double? MeanRating, long Minutes, long Opens);

/// <summary>All that is known about a movie.</summary>
/// <param name="MovieId">Text id.</param>
/// <param name="Title">Title without the year; the id for a movie that is not in the catalogue.</param>
/// <param name="Year">Year of release, if known.</param>
/// <param name="Genres">Genre names.</param>
/// <param name="Adult">For adults only.</param>
/// <param name="RuntimeMinutes">Length, if known.</param>
/// <param name="Languages">ISO 639-1 codes, if known.</param>
/// <param name="Inferred">Made from the id alone, because an event named a movie that nobody had added.</param>
/// <param name="Version">Version of its stream.</param>
/// <param name="Popularity">Per window, the longest first.</param>
/// <param name="Until">End of every window: the greatest time of any counted event, of whichever movie; null before the first one.</param>
/// <param name="Similar">Where movies like it are.</param>
/// <param name="ThroughSequence">Log position that the catalogue was folded through.</param>
/// <param name="PopularityThroughSequence">Log position that popularity was folded through.</param>
public sealed record MoviePage(
    string MovieId, string Title, int? Year, IReadOnlyList<string> Genres, bool Adult, int? RuntimeMinutes, IReadOnlyList<string>? Languages, bool Inferred, long Version,
    IReadOnlyList<PopularityWithin> Popularity, DateTimeOffset? Until, string Similar, long ThroughSequence, long PopularityThroughSequence);

/// <summary><c>GET /movies/{movieId}</c>.</summary>
public sealed class ShowMovie(NpgsqlDataSource source, ReadModels models)
{
    private static readonly string[] Known = ["minSequence", "wait"];

    // One row per window, one view of the database.
    private readonly string _sql =
        $"""
         select m.movie_id, m.title, m.year, m.genres, m.adult, m.runtime_minutes, m.languages, m.inferred, m.version,
                w.name, coalesce(p.events, 0), coalesce(p.ratings, 0), p.rating_thousandths / nullif(p.ratings, 0)::double precision / 1000, coalesce(p.minutes, 0), coalesce(p.opens, 0),
                c.at, {models.PositionOf("Catalogue")}, {models.PositionOf("Popularity")}
         from (values (1, 'all', null), (2, '30d', 720), (3, '7d', 168), (4, '1d', 24)) as w(place, name, hours)
         join read.movies m on m.movie_id = $1
         left join read.popularity_clock c on true
         left join lateral (
           select events, ratings, rating_thousandths, minutes, opens from read.movie_popularity where movie_id = $1 and w.hours is null
           union all
           select sum(events)::bigint, sum(ratings)::bigint, sum(rating_thousandths)::bigint, sum(minutes)::bigint, sum(opens)::bigint from read.movie_popularity_hourly
           where movie_id = $1 and hour > date_trunc('hour', c.at, 'UTC') - make_interval(hours => w.hours) having w.hours is not null
         ) p on true
         order by w.place
         """;

    /// <summary>The movie, or null if nobody added it.</summary>
    public async Task<MoviePage?> FindAsync(string movieId, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(_sql);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = movieId });
        await using var row = await command.ExecuteReaderAsync(cancel);
        MoviePage? page = null;
        var windows = new List<PopularityWithin>();
        while (await row.ReadAsync(cancel))
        {
            windows.Add(new(row.GetString(9), row.GetInt64(10), row.GetInt64(11), row.IsDBNull(12) ? null : row.GetDouble(12), row.GetInt64(13), row.GetInt64(14)));
            page ??= new(
                row.GetString(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetInt32(2), row.GetFieldValue<string[]>(3), row.GetBoolean(4),
                row.IsDBNull(5) ? null : row.GetInt32(5), row.IsDBNull(6) ? null : row.GetFieldValue<string[]>(6), row.GetBoolean(7), row.GetInt64(8), windows,
                row.IsDBNull(15) ? null : row.GetFieldValue<DateTimeOffset>(15), $"/movies/{Uri.EscapeDataString(movieId)}/similar", row.GetInt64(16), row.GetInt64(17));
        }
        return page;
    }

    /// <summary>Maps the route.</summary>
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/movies/{movieId}", HandleAsync)
        .WithName("ShowMovie").WithTags("Movies").WithSummary("What is known about a movie, and how popular it is")
        .Produces<MoviePage>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    private static async Task<IResult> HandleAsync(
        HttpContext http, ShowMovie movies, ReadModels models, string movieId,
        [FromQuery, Description("Answer only once catalogue and popularity were folded through this log position.")] string? minSequence,
        [FromQuery, Description("Seconds to wait for minSequence, 0 to 30; 2 if left out.")] string? wait)
    {
        var read = new QueryReader(http.Request, Known);
        read.CheckId("movieId", movieId);
        var (least, patience) = (read.MinSequence(), read.Wait());
        if (read.Refusal is { } refusal)
            return refusal;
        foreach (var projection in new[] { "Catalogue", "Popularity" })
            if (!await models.ReachAsync(projection, least, patience, http.RequestAborted))
                return Refusal.NotYet(http, $"{projection} is not folded through {least} yet.");
        return await movies.FindAsync(movieId, http.RequestAborted) is { } page
            ? Results.Json(
                page with { ThroughSequence = Math.Max(page.ThroughSequence, least), PopularityThroughSequence = Math.Max(page.PopularityThroughSequence, least) },
                MoviesJson.Default.MoviePage)
            : Refusal.NotFound($"There is no movie '{movieId}'. Search with GET /movies?q=.");
    }
}
