using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Npgsql;
using NpgsqlTypes;
using Recs.Contracts;
using Recs.Contracts.Callers;
using Recs.Contracts.Quality;
using Recs.EventStore;
using Recs.Queries.Asking;

namespace Recs.Queries.Quality;

/// <summary>The verdict on a batch and where it stands in the log.</summary>
/// <param name="Sequence">Log position of the verdict.</param>
/// <param name="Batch">The verdict.</param>
public sealed record BatchVerdict(long Sequence, BatchValidated Batch);

/// <summary>A page of verdicts.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="NextBefore"><c>before</c> of the next, older page; null if this is the last one.</param>
public sealed record QualityPage(IReadOnlyList<BatchVerdict> Items, long? NextBefore);

/// <summary><c>GET /quality</c>, for services and admins: what the gates found about each batch.</summary>
internal static class QualityRoute
{
    private const int DefaultK = 20, MostK = 100;
    private static readonly string[] Known = ["source", "k", "before"];

    /// <summary>Maps the route.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/quality", HandleAsync)
        .RequireAuthorization(AccessPolicies.Trusted)
        .WithName("Quality").WithTags("Monitoring").WithSummary("Verdicts of the quality gates, batch by batch")
        .WithDescription("Newest first: what came in, what was clean, repeated and rejected, each check with what it found, and whether the batch was let in.")
        .Produces<QualityPage>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    // The parameters are read by QueryReader, which names what is wrong; here they stand for the OpenAPI document.
    private static async Task<IResult> HandleAsync(
        HttpContext http, NpgsqlDataSource database, EventStoreOptions options,
        [FromQuery, Description("Only batches of this source; any if left out.")] string? source,
        [FromQuery, Description("Batches, 1 to 100; 20 if left out."), WholeNumber(1, MostK, DefaultK)] string? k,
        [FromQuery, Description("Only older ones: nextBefore of the newer page."), WholeNumber(1, long.MaxValue)] string? before)
    {
        http.Response.Headers.CacheControl = "no-store";
        var read = new QueryReader(http.Request, Known);
        var named = read.Text("source");
        var page = NewestFirst.Read(read, DefaultK, MostK);
        if (read.Refusal is { } refusal)
            return refusal;
        var (items, next) = page.Cut(await FindAsync(database, options, named, page.Before, page.Sought, http.RequestAborted), v => v.Sequence);
        return Results.Json(new(items, next), QualityJson.Default.QualityPage);
    }

    private static async Task<List<BatchVerdict>> FindAsync(NpgsqlDataSource database, EventStoreOptions options, string? source, long before, int most, CancellationToken cancel)
    {
        await using var command = database.CreateCommand(
            $"""
             select e.seq_id, e.data::text from {options.Schema}.recs_imports i join {options.Schema}.mt_events e on e.seq_id = i.verdict_sequence
             where i.verdict_sequence < $1 and ($2::text is null or i.source = $2) and e.type = '{EventAliases.BatchValidated}' and not e.is_archived
             order by i.verdict_sequence desc limit $3
             """);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = before });
        command.Parameters.Add(new() { Value = (object?)source ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
        await using var row = await command.ExecuteReaderAsync(cancel);
        var verdicts = new List<BatchVerdict>();
        while (await row.ReadAsync(cancel))
            verdicts.Add(new(row.GetInt64(0), JsonSerializer.Deserialize(row.GetString(1), EventJson.Default.BatchValidated)!));
        return verdicts;
    }
}

/// <summary>How the answers about quality are written: camelCase.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RejectsPage))]
[JsonSerializable(typeof(QualityPage))]
internal sealed partial class QualityJson : JsonSerializerContext;
