using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Recs.Queries.Serving;

/// <summary>An item of a slate, as callers see it.</summary>
public sealed record SlateItem(string MovieId, string Title, int? Year, IReadOnlyList<string> Genres, float Score, IReadOnlyList<string> Reasons);

/// <summary>A slate, as callers see it.</summary>
public sealed record SlateAnswer(
    string RequestId, string UserId, IReadOnlyList<SlateItem> Items, string Model, string ModelVersion, IReadOnlyList<string> Assignments,
    bool Personalized, string? Fallback, long UserVersion, long ThroughSequence, DateTimeOffset ServedAt);

/// <summary><c>GET /recommend/{userId}</c>.</summary>
public static class RecommendRoute
{
    /// <summary>Maps the route.</summary>
    public static void MapRecommend(this IEndpointRouteBuilder routes) => routes
        .MapGet("/recommend/{userId}", Handle)
        .WithName("Recommend").WithTags("Queries").WithSummary("The best movies for a person")
        .WithDescription("Every slate is in the log before you get it; its request id (header X-Recs-Request-Id) leads to its provenance and to its replay. "
            + "An unknown person gets a cold-start slate. Accept: text/plain gives the ids in one comma-separated line.")
        .Produces<SlateAnswer>(StatusCodes.Status200OK, "application/json", "text/plain")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    // The parameters are read by RecommendQuery, which names what is wrong; here they stand for the OpenAPI document.
    private static Task<IResult> Handle(
        HttpContext http, ServeSlate serve, string userId,
        [FromQuery, Description("Movies, 1 to 100; 20 if left out.")] string? k,
        [FromQuery, Description("Model name or version; the champion if left out.")] string? model,
        [FromQuery, Description("Only movies of this genre.")] string? genre,
        [FromQuery, Description("Movie ids to leave out, separated by commas.")] string? exclude,
        [FromQuery, Description("Answer only once the log was read through this position (the X-Recs-Sequence of your last write).")] string? minSequence,
        [FromQuery, Description("Seconds to wait for minSequence, 0 to 30; 2 if left out.")] string? wait)
        => serve.HandleAsync(http, userId);
}
