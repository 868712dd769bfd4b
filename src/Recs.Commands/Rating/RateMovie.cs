using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Recs.Commands.Recording;
using Recs.Contracts.Users;

namespace Recs.Commands.Rating;

/// <summary>Rate a movie.</summary>
/// <param name="UserId">Who rates; a person that nobody has heard of begins to exist with the first fact.</param>
/// <param name="MovieId">A movie of the catalogue.</param>
/// <param name="Rating">0.5 to 5 stars in halves.</param>
/// <param name="At">When it happened; now if left out.</param>
/// <param name="ExpectedVersion">Version that the user's stream must be at; any if left out.</param>
public sealed record RateMovie(
    [property: JsonConverter(typeof(IdConverter))] string? UserId, [property: JsonConverter(typeof(IdConverter))] string? MovieId,
    double? Rating, DateTimeOffset? At = null, long? ExpectedVersion = null) : IFactCommand<MovieRated>
{
    FieldErrors IFactCommand<MovieRated>.Validate(DateTimeOffset now) => new FieldErrors()
        .RequireId(UserId, "userId")
        .RequireId(MovieId, "movieId")
        .Require(Rating is not null, "rating", "Required.")
        .Require(Rating is null || (Rating is >= 0.5 and <= 5 && Rating * 2 % 1 == 0), "rating", "A rating is 0.5 to 5 stars in halves.")
        .RequireMoment(At, now, "at")
        .Require(ExpectedVersion is null or >= 0, "expectedVersion", "A version is 0 or more.");

    MovieRated IFactCommand<MovieRated>.Decide(DateTimeOffset now) => new(UserId!, MovieId!, Rating!.Value, (At ?? now).ToUniversalTime());
}

/// <summary><c>POST /ratings</c>.</summary>
public static class RateMovieRoute
{
    /// <summary>Maps the route.</summary>
    public static RouteHandlerBuilder MapRateMovie(this IEndpointRouteBuilder routes) => routes
        .MapPost("/ratings", (HttpContext http, FactRecorder recorder, CancellationToken cancel)
            => recorder.HandleAsync<RateMovie, MovieRated>(http, CommandJson.Default.RateMovie, cancel))
        .RequireAuthorization()
        .WithName("RateMovie").WithTags("Commands").WithSummary("Rate a movie")
        .WithDescription("Stores the rating in the log; the answer comes after the commit. The next slate of the user takes it into account.")
        .Accepts<RateMovie>("application/json")
        .Produces<FactStored>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesValidationProblem(StatusCodes.Status422UnprocessableEntity);
}
