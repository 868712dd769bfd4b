using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Recs.Contracts;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Registry;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.Queries.Models;
using Recs.Queries.Replaying;

namespace Recs.Queries.Provenance;

/// <summary>Everything that made a slate.</summary>
/// <param name="RequestId">Id of the answer.</param>
/// <param name="Sequence">Its position in the log.</param>
/// <param name="StreamId">Its stream.</param>
/// <param name="Version">Its version in the stream.</param>
/// <param name="RecordedAt">When the log recorded it.</param>
/// <param name="Slate">What was served, and the versions of all that it was made from.</param>
/// <param name="Model">The training that made the model: snapshot, options, seed, code, files with their digests. Null if the log holds none.</param>
public sealed record SlateProvenance(
    string RequestId, long Sequence, string StreamId, long Version, DateTimeOffset RecordedAt, RecommendationServed Slate, ModelTrained? Model);

/// <summary><c>GET /provenance/{requestId}</c> and <c>POST /provenance/{requestId}/replay</c>.</summary>
public static class ProvenanceRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapProvenance(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/provenance/{requestId}", ShowAsync).RequireAuthorization()
            .WithName("Provenance").WithTags("Queries").WithSummary("Everything that made a slate")
            .Produces<SlateProvenance>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(404);
        routes.MapPost("/provenance/{requestId}/replay", ReplayAsync).RequireAuthorization()
            .WithName("Replay").WithTags("Queries").WithSummary("Compute a served slate again from the log and compare it bit for bit")
            .Produces<SlateReplay>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(404);
    }

    private static async Task<IResult> ShowAsync(string requestId, EventReader reader, EventTypes types, CancellationToken cancel)
    {
        var (found, problem) = await FindAsync(requestId, reader, cancel);
        if (found is null)
            return problem!;
        var slate = (RecommendationServed)types.Decode(found);
        var manifest = await ManifestAsync(slate, reader, types, cancel);
        return Results.Json(
            new SlateProvenance(slate.RequestId, found.Sequence, found.StreamId, found.Version, found.Timestamp, slate, manifest),
            ProvenanceJson.Default.SlateProvenance);
    }

    private static async Task<IResult> ReplayAsync(string requestId, EventReader reader, EventTypes types, OpenScorer open, CancellationToken cancel)
    {
        var (found, problem) = await FindAsync(requestId, reader, cancel);
        if (found is null)
            return problem!;
        await foreach (var replay in new ReplaySlates(reader, types, open).RunAsync(new[] { found }.ToAsyncEnumerable(), cancel))
            return Results.Json(replay, ProvenanceJson.Default.SlateReplay);
        throw new InvalidOperationException($"The replay of '{requestId}' gave no result.");
    }

    private static async Task<(RecordedEvent? Event, IResult? Problem)> FindAsync(string requestId, EventReader reader, CancellationToken cancel)
    {
        if (!Guid.TryParse(requestId, out var id))
            return (null, Results.Problem("A request id is a UUID: the X-Recs-Request-Id of the answer.", statusCode: StatusCodes.Status400BadRequest));
        return await reader.FindEventAsync(id, cancel) is { Type: EventAliases.RecommendationServed } found
            ? (found, null)
            : (null, Results.Problem($"The log holds no slate '{requestId}'.", statusCode: StatusCodes.Status404NotFound));
    }

    private static async Task<ModelTrained?> ManifestAsync(RecommendationServed slate, EventReader reader, EventTypes types, CancellationToken cancel)
    {
        await foreach (var e in reader.ReadStreamAsync(StreamIds.Model(slate.Model), cancel: cancel))
            if (e.Type == EventAliases.ModelTrained && types.Decode(e) is ModelTrained manifest && manifest.Version == slate.ModelVersion)
                return manifest;
        return null;
    }
}

/// <summary>How provenance is written: camelCase, verdicts as words.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SlateProvenance))]
[JsonSerializable(typeof(SlateReplay))]
internal sealed partial class ProvenanceJson : JsonSerializerContext;
