using System.ComponentModel.DataAnnotations;
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
    [property: JsonConverter(typeof(IdConverter)), Required] string? UserId, [property: JsonConverter(typeof(IdConverter)), Required] string? MovieId,
    [property: Required, Range(0.5, 5)] double? Rating, DateTimeOffset? At = null, [property: Range(0L, long.MaxValue)] long? ExpectedVersion = null)
    : IFactCommand<MovieRated>
{
    FieldErrors IFactCommand.Validate(DateTimeOffset now) => new FieldErrors()
        .RequireFact(this, now)
        .Require(Rating is not null, "rating", "Required.")
        .Require(Rating is null || (Rating is >= 0.5 and <= 5 && Rating * 2 % 1 == 0), "rating", "A rating is 0.5 to 5 stars in halves.");

    MovieRated IFactCommand<MovieRated>.Decide(DateTimeOffset now) => new(UserId!, MovieId!, Rating!.Value, (At ?? now).ToUniversalTime());
}

/// <summary><c>POST /ratings</c>.</summary>
public static class RateMovieRoute
{
    /// <summary>Maps the route.</summary>
    public static RouteHandlerBuilder MapRateMovie(this IEndpointRouteBuilder routes) => routes
        .MapFact("/ratings", CommandJson.Default.RateMovie).WithName("RateMovie").WithSummary("Rate a movie");
}
