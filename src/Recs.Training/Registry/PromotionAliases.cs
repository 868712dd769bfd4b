using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Recs.Training.Administering;

namespace Recs.Training.Registry;

/// <summary>Body of <c>POST /model/update</c>.</summary>
/// <param name="Version">A version's name, v0.N where the model is clear, or a model for its newest version.</param>
/// <param name="Reason">Why; the log keeps it.</param>
public sealed record UpdateBody(string? Version = null, string? Reason = null);

/// <summary>Other names of a promotion, for scripts that know them: <c>GET /switch</c>, <c>POST /models/{version}/activate</c>, <c>POST /model/update</c>.</summary>
internal static class PromotionAliases
{
    public static void MapPromotionAliases(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/switch", SwitchAsync).Decides().ProducesValidationProblem(422)
            .WithName("SwitchModel").WithTags("Models").WithSummary("Put a version into production (alias of promote; changes state although it is a GET)");
        routes.MapPost("/models/{version}/activate", ActivateAsync).Decides().ProducesBodyProblems().Accepts<DecisionBody>(isOptional: true, "application/json")
            .WithName("ActivateModel").WithTags("Models").WithSummary("Put a version into production (alias of promote; the body may be left out)");
        routes.MapPost("/model/update", UpdateAsync).Decides().ProducesBodyProblems().Accepts<UpdateBody>("application/json")
            .WithName("UpdateModel").WithTags("Models").WithSummary("Put a version into production (alias of promote; the version stands in the body)");
    }

    private static Task<IResult> SwitchAsync(
        HttpContext http, PromoteModel promote, ListModels models,
        [Description("A version's name, v0.N where the model is clear, or a model for its newest version.")] string? model, CancellationToken cancel)
        => string.IsNullOrEmpty(model)
            ? Task.FromResult(AdminBody.Invalid("model", "Required."))
            : PromoteModelRoute.PromoteAsync(http, model, "asked for by GET /switch", promote, models, cancel);

    private static async Task<IResult> ActivateAsync(HttpContext http, string version, PromoteModel promote, ListModels models, CancellationToken cancel)
    {
        var (body, problem) = await AdminBody.ReadAsync(http.Request, AdminJson.Default.DecisionBody, new DecisionBody(), cancel);
        return body is null ? problem! : await PromoteModelRoute.PromoteAsync(http, version, body.Reason ?? "asked for by POST /models/{version}/activate", promote, models, cancel);
    }

    private static async Task<IResult> UpdateAsync(HttpContext http, PromoteModel promote, ListModels models, CancellationToken cancel)
    {
        var (body, problem) = await AdminBody.ReadAsync(http.Request, AdminJson.Default.UpdateBody, new UpdateBody(), cancel);
        return body is null ? problem!
            : string.IsNullOrEmpty(body.Version) ? AdminBody.Invalid("version", "Required.")
            : await PromoteModelRoute.PromoteAsync(http, body.Version, body.Reason ?? "asked for by POST /model/update", promote, models, cancel);
    }
}
