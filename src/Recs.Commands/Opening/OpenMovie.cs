using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Recs.Commands.Recording;
using Recs.Contracts.Users;

namespace Recs.Commands.Opening;

/// <summary>Report that a movie was opened (clicked).</summary>
/// <param name="UserId">Who opened it.</param>
/// <param name="MovieId">A movie of the catalogue.</param>
/// <param name="RequestId">Request id of the slate that showed it: a UUID. It must have shown this movie to this user, so that no slate is credited with clicks that it did not earn.</param>
/// <param name="At">When it happened; now if left out.</param>
/// <param name="ExpectedVersion">Version that the user's stream must be at; any if left out.</param>
public sealed record OpenMovie(
    [property: JsonConverter(typeof(IdConverter)), Required] string? UserId, [property: JsonConverter(typeof(IdConverter)), Required] string? MovieId,
    string? RequestId = null, DateTimeOffset? At = null, [property: Range(0L, long.MaxValue)] long? ExpectedVersion = null) : IFactCommand<MovieOpened>
{
    Guid? IFactCommand.Slate => Slate;

    private Guid? Slate => Guid.TryParseExact(RequestId, "N", out var id) || Guid.TryParseExact(RequestId, "D", out id) ? id : null;

    FieldErrors IFactCommand.Validate(DateTimeOffset now) => new FieldErrors()
        .RequireFact(this, now)
        .Require(RequestId is null || Slate is not null, "requestId", "A request id is a UUID.");

    MovieOpened IFactCommand<MovieOpened>.Decide(DateTimeOffset now) => new(UserId!, MovieId!, Slate?.ToString("N"), (At ?? now).ToUniversalTime());
}

/// <summary><c>POST /opens</c>.</summary>
public static class OpenMovieRoute
{
    /// <summary>Maps the route.</summary>
    public static RouteHandlerBuilder MapOpenMovie(this IEndpointRouteBuilder routes) => routes
        .MapFact("/opens", CommandJson.Default.OpenMovie).WithName("OpenMovie").WithSummary("Report that a movie was opened");
}
