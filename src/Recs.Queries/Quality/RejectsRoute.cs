using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using Recs.Contracts.Callers;
using Recs.EventStore;
using Recs.Queries.Asking;

namespace Recs.Queries.Quality;

/// <summary>A page of rejected rows.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Reasons">How many rows there are in all, by reason; on the first page only.</param>
/// <param name="NextBefore"><c>before</c> of the next, older page; null if this is the last one.</param>
public sealed record RejectsPage(IReadOnlyList<RejectedRow> Items, IReadOnlyDictionary<string, long>? Reasons, long? NextBefore);

/// <summary><c>GET /rejects</c>, for services and admins: raw lines may hold anybody's data.</summary>
internal static class RejectsRoute
{
    private const int DefaultK = 50, MostK = 500;
    private const string Open = "open", Stored = "stored";
    private static readonly string[] Known = ["source", "reason", "state", "k", "before"];

    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/rejects", HandleAsync)
        .RequireAuthorization(AccessPolicies.Trusted)
        .WithName("Rejects").WithTags("Monitoring").WithSummary("Rows and messages that were not taken, with their reasons")
        .WithDescription("Newest first. A row that a later try stored has left the list; state=stored shows it with the log position of its event.")
        .Produces<RejectsPage>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    // The parameters are read by QueryReader, which names what is wrong; here they stand for the OpenAPI document.
    private static async Task<IResult> HandleAsync(
        HttpContext http, NpgsqlDataSource database, EventStoreOptions options,
        [FromQuery, Description("Only rows of this source, such as the name of an import; any if left out.")] string? source,
        [FromQuery, Description("Only rows with this reason, such as bad-rating; any if left out.")] string? reason,
        [FromQuery, Description("open rows, or those that a later try stored; open if left out."), OneOf(Open, Stored)] string? state,
        [FromQuery, Description("Rows, 1 to 500; 50 if left out."), WholeNumber(1, MostK, DefaultK)] string? k,
        [FromQuery, Description("Only older ones: nextBefore of the newer page."), WholeNumber(1, long.MaxValue)] string? before)
    {
        http.Response.Headers.CacheControl = "no-store";
        var read = new QueryReader(http.Request, Known);
        var filter = new RejectFilter(read.Text("source"), read.Text("reason"), read.OneOf("state", Open, Open, Stored) == Stored);
        var page = NewestFirst.Read(read, DefaultK, MostK);
        if (read.Refusal is { } refusal)
            return refusal;
        var list = new ListRejects(database, options);
        var (items, next) = page.Cut(await list.PageAsync(filter, page.Before, page.Sought, http.RequestAborted), r => r.Id);
        return Results.Json(new(items, page.IsFirst ? await list.CountAsync(filter, http.RequestAborted) : null, next), QualityJson.Default.RejectsPage);
    }
}
