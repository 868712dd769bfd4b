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
    [property: JsonConverter(typeof(IdConverter))] string? UserId, [property: JsonConverter(typeof(IdConverter))] string? MovieId,
    int? Minute, DateTimeOffset? At = null, long? ExpectedVersion = null) : IFactCommand<MovieWatched>
{
    private const int LongestMovieMinutes = 1440;

    FieldErrors IFactCommand<MovieWatched>.Validate(DateTimeOffset now) => new FieldErrors()
        .RequireId(UserId, "userId")
        .RequireId(MovieId, "movieId")
        .Require(Minute is not null, "minute", "Required.")
        .Require(Minute is null or (>= 0 and <= LongestMovieMinutes), "minute", $"A minute is 0 to {LongestMovieMinutes}.")
        .RequireMoment(At, now, "at")
        .Require(ExpectedVersion is null or >= 0, "expectedVersion", "A version is 0 or more.");

    MovieWatched IFactCommand<MovieWatched>.Decide(DateTimeOffset now) => new(UserId!, MovieId!, Minute!.Value, (At ?? now).ToUniversalTime());
}

/// <summary><c>POST /watches</c>.</summary>
public static class WatchMovieRoute
{
    /// <summary>Maps the route.</summary>
    public static RouteHandlerBuilder MapWatchMovie(this IEndpointRouteBuilder routes) => routes
        .MapPost("/watches", (HttpContext http, FactRecorder recorder, CancellationToken cancel)
            => recorder.HandleAsync<WatchMovie, MovieWatched>(http, CommandJson.Default.WatchMovie, cancel))
        .RequireAuthorization()
        .WithName("WatchMovie").WithTags("Commands").WithSummary("Report a watched minute of a movie")
        .WithDescription("Stores the minute in the log; the answer comes after the commit. The next slate of the user takes it into account.")
        .Accepts<WatchMovie>("application/json")
        .Produces<FactStored>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesValidationProblem(StatusCodes.Status422UnprocessableEntity);
}
