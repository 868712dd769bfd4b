using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Recs.Contracts.Callers;
using Recs.Contracts.Registry;
using Recs.Training.Administering;

namespace Recs.Training.Registry;

/// <summary>A version in a list.</summary>
/// <param name="Version">Version name.</param>
/// <param name="Model">Model name.</param>
/// <param name="InProduction">Whether it answers requests that name no model.</param>
/// <param name="TrainedAt">When its fit ended.</param>
/// <param name="SnapshotId">Data that it was fitted on.</param>
/// <param name="Options">Hyper-parameters, defaults included.</param>
/// <param name="Seed">Key of every random draw.</param>
/// <param name="ContentHash">Address of its files in the artifact store.</param>
/// <param name="Seconds">Wall time of its fit.</param>
/// <param name="Bytes">Size of its files.</param>
/// <param name="Sequence">Log position of its manifest.</param>
public sealed record ModelSummary(
    string Version, string Model, bool InProduction, DateTimeOffset TrainedAt, string SnapshotId, IReadOnlyDictionary<string, string> Options, ulong Seed,
    string ContentHash, double Seconds, long Bytes, long Sequence);

/// <summary>What <c>GET /models</c> answers.</summary>
/// <param name="InProduction">The version in production; null for none.</param>
/// <param name="Versions">Newest first.</param>
public sealed record ModelList(string? InProduction, IReadOnlyList<ModelSummary> Versions);

/// <summary>What <c>GET /models/{version}</c> answers.</summary>
/// <param name="InProduction">Whether it answers requests that name no model.</param>
/// <param name="Trained">All that makes the same bytes again.</param>
/// <param name="Sequence">Log position of the manifest.</param>
/// <param name="Evaluations">How it was judged, in order; figures of different protocols are never compared.</param>
/// <param name="Promotions">When it went into production, by whom and why.</param>
public sealed record ModelDetail(bool InProduction, ModelTrained Trained, long Sequence, IReadOnlyList<ModelEvaluated> Evaluations, IReadOnlyList<ModelPromoted> Promotions);

/// <summary><c>GET /models</c> and <c>GET /models/{version}</c>.</summary>
internal static class ShowModelsRoute
{
    public static void MapShowModels(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/models", ListAsync).RequireAuthorization(AccessPolicies.Caller)
            .WithName("Models").WithTags("Models").WithSummary("Every version of every model, and which one is in production")
            .Produces<ModelList>().ProducesProblem(401);
        routes.MapGet("/models/{version}", ShowAsync).RequireAuthorization(AccessPolicies.Caller)
            .WithName("Model").WithTags("Models").WithSummary("A version: data, options, seed, code, files with their digests, figures, promotions")
            .Produces<ModelDetail>().ProducesProblem(401).ProducesProblem(404).ProducesProblem(409);
    }

    private static async Task<IResult> ListAsync(ListModels models, [Description("Only versions of this model.")] string? model, CancellationToken cancel)
    {
        var all = await models.AllAsync(cancel);
        var champion = all.Values.Where(m => m.InProduction is not null).MaxBy(m => m.PromotedAt)?.InProduction;
        var versions = all.Where(m => model is null || m.Key == model).SelectMany(m => m.Value.Versions).OrderByDescending(v => v.Sequence)
            .Select(v => new ModelSummary(
                v.Trained.Version, v.Trained.Model, v.Trained.Version == champion, v.Trained.At, v.Trained.SnapshotId, v.Trained.Options, v.Trained.Seed, v.Trained.ContentHash,
                v.Trained.Seconds, v.Trained.Bytes, v.Sequence));
        return Results.Json(new ModelList(champion, [.. versions]), AdminJson.Default.ModelList);
    }

    private static async Task<IResult> ShowAsync(string version, ListModels models, CancellationToken cancel)
    {
        try
        {
            var found = await models.VersionAsync(await models.MeantAsync(version, cancel), cancel);
            var production = await models.ProductionAsync(cancel: cancel);
            return Results.Json(
                new ModelDetail(production.Current?.Version == found.Trained.Version, found.Trained, found.Sequence, found.Evaluations, found.Promotions), AdminJson.Default.ModelDetail);
        }
        catch (Exception e) when (PromoteModelRoute.Problem(e) is { } problem)
        {
            return problem;
        }
    }
}
