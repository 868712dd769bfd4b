using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Recs.Queries.Asking;
using Recs.Training.Reranking;

namespace Recs.Queries.Serving;

/// <summary>Why a movie is in a slate.</summary>
/// <param name="Kind"><c>rated</c> or <c>watched</c>: a movie of the history. Otherwise what answered instead of the history: <c>cold-start</c>, <c>demographic</c> (what is popular with people of the same age and gender), <c>popularity</c> or <c>genre</c> (the one that was asked for).</param>
/// <param name="Share">Its part of all that spoke for the movie, 0 to 1.</param>
/// <param name="MovieId">Movie of the history.</param>
/// <param name="Title">Its title.</param>
/// <param name="Rating">Its last rating in stars, if it was rated last.</param>
/// <param name="At">When it was rated or watched last.</param>
/// <param name="Genre">The genre that was asked for.</param>
public sealed record SlateReason(string Kind, double Share, string? MovieId = null, string? Title = null, double? Rating = null, DateTimeOffset? At = null, string? Genre = null);

/// <summary>An item of a slate, as callers see it. Services and admins see the exact score and rating, others the first four digits with noise on the last
/// (<see cref="DisplayedScores"/>).</summary>
/// <param name="MovieId">Movie.</param>
/// <param name="Title">Its title.</param>
/// <param name="Year">When it came out.</param>
/// <param name="Genres">Its genres.</param>
/// <param name="Score">What the slate is ordered by before any re-ranker: in the model's own terms, so comparable within one slate only.</param>
/// <param name="Reasons">At most five, the greatest share first, if they were asked for with <c>explain=true</c>; else none.</param>
/// <param name="PredictedRating">The stars that the person is expected to give, if the model predicts ratings (knn-baseline, svd, svd-plus-plus, nmf); absent for a model that only ranks. It may lie outside 0.5 to 5.</param>
public sealed record SlateItem(string MovieId, string Title, int? Year, IReadOnlyList<string> Genres, float Score, IReadOnlyList<SlateReason> Reasons, float? PredictedRating = null);

/// <summary>A slate, as callers see it. One without items has the fallback <c>nothing-left</c>, and its remark says why.</summary>
public sealed record SlateAnswer(
    string RequestId, string UserId, IReadOnlyList<SlateItem> Items, string Model, string ModelVersion, IReadOnlyList<string> Assignments,
    bool Personalized, string? Fallback, long UserVersion, long ThroughSequence, bool Recorded, DateTimeOffset ServedAt, string? Remark = null);

/// <summary><c>GET /recommend/{userId}</c>.</summary>
public static class RecommendRoute
{
    /// <summary>Maps the route.</summary>
    public static void MapRecommend(this IEndpointRouteBuilder routes) => routes
        .MapGet("/recommend/{userId}", Handle)
        .WithName("Recommend").WithTags("Queries").WithSummary("The best movies for a person")
        .WithDescription("Every slate is in the log before you get it; its request id (header X-Recs-Request-Id) leads to its provenance and to its replay. "
            + "An unknown person gets a cold-start slate, one who is known by age or gender alone what is popular with people like them, and one who has seen all that the model knows an empty slate that says so (fallback nothing-left). Accept: text/plain gives the ids in one comma-separated line. "
            + "explain, asOf and happenedBefore show what the person did: they need the person's own token, or a service's.")
        .Produces<SlateAnswer>(StatusCodes.Status200OK, "application/json", "text/plain")
        .ProducesValidationProblem().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status500InternalServerError).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    // The parameters are read by RecommendQuery, which names what is wrong; here they stand for the OpenAPI document.
    private static Task<IResult> Handle(
        HttpContext http, ServeSlate serve, string userId,
        [FromQuery, Description("Movies, 1 to 100; 20 if left out.")] string? k,
        [FromQuery, Description("A version such as popularity-v0.1; a model, for its version in production or else its newest; or v0.1, if only one model has it. What is in production if left out. A version that is not open, not the newest of its model and was never in production needs a service or admin.")] string? model,
        [FromQuery, Description("Only movies of this genre.")] string? genre,
        [FromQuery, Description("Movie ids to leave out, separated by commas.")] string? exclude,
        [FromQuery, Description("What the re-ranker counts against relevance, 0 to 1: 0 keeps the order of the scores, 0.3 if only rerank is given. If neither is, the service's own setting holds.")] string? diversity,
        [FromQuery, OneOf(Rerankers.Mmr, Rerankers.Dpp, Rerankers.GenreCalibrated, Rerankers.PopularityCalibrated), Description("What chooses the slate among the candidates with the best scores: mmr (unlike genres; if only diversity is given), dpp (a varied list as a whole), genre-calibrated or popularity-calibrated (genres, or popular and rare movies, in the shares that they have in the person's history).")] string? rerank,
        [FromQuery, Description("true: say which movies of the history carried each item, and how much.")] string? explain,
        [FromQuery, Description("A log position or a time in ISO 8601: the answer that the service would have given then. It is not recorded.")] string? asOf,
        [FromQuery, Description("A time in ISO 8601: only what the person did before it counts, whenever it was recorded. The answer is not recorded.")] string? happenedBefore,
        [FromQuery, Description("Answer only once the log was read through this position (the X-Recs-Sequence of your last write).")] string? minSequence,
        [FromQuery, Description("Seconds to wait for minSequence, 0 to 30; 2 if left out.")] string? wait,
        [FromHeader(Name = "X-Recs-Channel"), OneOf("live", "probe", "tester", "simulated"), Description("Whose request it is; others than live need a service's token. Channels are never counted together. In a simulated time every slate is of channel simulated; X-Recs-Channel of the answer tells of a slate that is not live.")] string? channel)
        => serve.HandleAsync(http, userId);
}
