using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Recs.Contracts;
using Recs.Contracts.Callers;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Registry;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.EventStore.Reading;
using Recs.Queries.Models;
using Recs.Queries.Replaying;
using Recs.Queries.Serving;

namespace Recs.Queries.Provenance;

/// <summary>Everything that made a slate.</summary>
/// <param name="RequestId">Id of the answer.</param>
/// <param name="Sequence">Its position in the log.</param>
/// <param name="StreamId">Its stream.</param>
/// <param name="Version">Its version in the stream.</param>
/// <param name="RecordedAt">When the log recorded it.</param>
/// <param name="Slate">What was served, under which policy, and the versions of all that it was made from.</param>
/// <param name="Model">The training that made the model: snapshot, options, seed, code, files with their digests. Null if the log holds none.</param>
/// <param name="Code">The code that served: commit, branch, image. Null for slates from before builds were recorded.</param>
public sealed record SlateProvenance(
    string RequestId, long Sequence, string StreamId, long Version, DateTimeOffset RecordedAt, RecommendationServed Slate, ModelTrained? Model, BuildDeployed? Code);

/// <summary><c>GET /provenance/{requestId}</c> and <c>POST /provenance/{requestId}/replay</c>: for the slate's own person, services and admins.</summary>
public static class ProvenanceRoutes
{
    /// <summary>Maps the routes.</summary>
    public static void MapProvenance(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/provenance/{requestId}", ShowAsync).RequireAuthorization(AccessPolicies.Caller)
            .WithName("Provenance").WithTags("Queries").WithSummary("Everything that made a slate")
            .Produces<SlateProvenance>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);
        routes.MapPost("/provenance/{requestId}/replay", ReplayAsync).RequireAuthorization(AccessPolicies.Caller)
            .WithName("Replay").WithTags("Queries").WithSummary("Compute a served slate again from the log and compare it bit for bit")
            .Produces<SlateReplay>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(503);
    }

    private static async Task<IResult> ShowAsync(
        HttpContext http, [Description("The X-Recs-Request-Id of an answer.")] string requestId, EventReader reader, EventTypes types, CancellationToken cancel)
    {
        var (found, problem) = await FindAsync(http, requestId, reader, cancel);
        if (found is null)
            return problem!;
        var slate = (RecommendationServed)types.Decode(found);
        if (!http.User.IsTrusted())
            slate = slate with { Scores = Coarse(slate.Scores), PredictedRatings = slate.PredictedRatings is { } ratings ? Coarse(ratings) : null }; // exact ones would give the model away; the replay compares those of the log
        var manifest = await new FindManifest(reader, types).FindAsync(slate.Model, slate.ModelVersion, cancel);
        return Results.Json(
            new SlateProvenance(slate.RequestId, found.Sequence, found.StreamId, found.Version, found.Timestamp, slate, manifest, await CodeAsync(slate, reader, types, cancel)),
            ProvenanceJson.Default.SlateProvenance);
    }

    private static IReadOnlyList<float> Coarse(IReadOnlyList<float> exact) => [.. exact.Select(number => (float)DisplayedScores.Coarse(number))];

    private static async Task<IResult> ReplayAsync(
        HttpContext http, [Description("The X-Recs-Request-Id of an answer.")] string requestId, EventReader reader, EventTypes types, OpenScorer open, CancellationToken cancel)
    {
        var (found, problem) = await FindAsync(http, requestId, reader, cancel);
        if (found is null)
            return problem!;
        await foreach (var replay in new ReplaySlates(reader, types, open).RunAsync(new[] { found }.ToAsyncEnumerable(), cancel))
            return Results.Json(replay, ProvenanceJson.Default.SlateReplay);
        throw new InvalidOperationException($"The replay of '{requestId}' gave no result.");
    }

    private static async Task<(RecordedEvent? Event, IResult? Problem)> FindAsync(HttpContext http, string requestId, EventReader reader, CancellationToken cancel)
    {
        if (!Guid.TryParse(requestId, out var id))
            return (null, Results.Problem("A request id is a UUID: the X-Recs-Request-Id of the answer.", statusCode: StatusCodes.Status400BadRequest));
        if (await reader.FindEventAsync(id, cancel) is not { Type: EventAliases.RecommendationServed } found)
            return (null, Results.Problem($"The log holds no slate '{requestId}'.", statusCode: StatusCodes.Status404NotFound));
        return http.User.MayActFor(found.StreamId[StreamIds.Recommendations("").Length..])
            ? (found, null)
            : (null, Results.Problem("This slate was somebody else's: only they, services and admins may see what made it.", statusCode: StatusCodes.Status403Forbidden));
    }

    private static async Task<BuildDeployed?> CodeAsync(RecommendationServed slate, EventReader reader, EventTypes types, CancellationToken cancel)
    {
        if (slate.Build is { } build)
            await foreach (var e in reader.ReadStreamAsync(StreamIds.Build(build), cancel: cancel))
                return types.Decode(e) as BuildDeployed;
        return null;
    }
}

/// <summary>How provenance is written: camelCase, verdicts as words.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SlateProvenance))]
[JsonSerializable(typeof(SlateReplay))]
internal sealed partial class ProvenanceJson : JsonSerializerContext;
