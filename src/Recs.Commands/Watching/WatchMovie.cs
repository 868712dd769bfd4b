using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Recs.Commands.Recording;
using Recs.Contracts.Users;

namespace Recs.Commands.Watching;

/// <summary>Report a watched minute of a movie.</summary>
/// <param name="UserId">Who watches; a person that nobody has heard of begins to exist with the first fact.</param>
/// <param name="MovieId">A movie of the catalogue.</param>
/// <param name="Minute">Minute of the movie, 0 to 1,440.</param>
/// <param name="At">When it happened; now if left out.</param>
/// <param name="ExpectedVersion">Version that the user's stream must be at; any if left out.</param>
public sealed record WatchMovie(
    [property: JsonConverter(typeof(IdConverter)), Required] string? UserId, [property: JsonConverter(typeof(IdConverter)), Required] string? MovieId,
    [property: Required, Range(0, WatchMovie.LongestMovieMinutes)] int? Minute, DateTimeOffset? At = null,
    [property: Range(0L, long.MaxValue)] long? ExpectedVersion = null) : IFactCommand<MovieWatched>
{
    /// <summary>No movie is longer than a day.</summary>
    internal const int LongestMovieMinutes = 1440;

    FieldErrors IFactCommand.Validate(DateTimeOffset now) => new FieldErrors()
        .RequireFact(this, now)
        .Require(Minute is not null, "minute", "Required.")
        .Require(Minute is null or (>= 0 and <= LongestMovieMinutes), "minute", $"A minute is 0 to {LongestMovieMinutes}.");

    MovieWatched IFactCommand<MovieWatched>.Decide(DateTimeOffset now) => new(UserId!, MovieId!, Minute!.Value, (At ?? now).ToUniversalTime());
}

/// <summary><c>POST /watches</c>.</summary>
public static class WatchMovieRoute
{
    /// <summary>Maps the route.</summary>
    public static RouteHandlerBuilder MapWatchMovie(this IEndpointRouteBuilder routes) => routes
        .MapFact("/watches", CommandJson.Default.WatchMovie).WithName("WatchMovie").WithSummary("Report a watched minute of a movie");
}
