using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Recs.Contracts.Callers;
using Recs.Training.Administering;

namespace Recs.Training.Trainings;

/// <summary><c>GET /training</c> and <c>GET /training/{id}</c>.</summary>
internal static class ShowTrainingRoute
{
    private const int MostShown = 100;

    public static void MapShowTraining(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/training", ListAsync).RequireAuthorization(AccessPolicies.Caller)
            .WithName("Trainings").WithTags("Models").WithSummary("The newest jobs of the training role, at most 100")
            .Produces<IReadOnlyList<TrainingStatus>>().ProducesProblem(401);
        routes.MapGet("/training/{id}", ShowAsync).RequireAuthorization(AccessPolicies.Caller)
            .WithName("Training").WithTags("Models").WithSummary("How a job of the training role stands")
            .Produces<TrainingStatus>().ProducesProblem(401).ProducesProblem(404);
    }

    private static async Task<IResult> ListAsync(TrainingJobs jobs, CancellationToken cancel)
        => Results.Json(await jobs.NewestAsync(MostShown, cancel), AdminJson.Default.IReadOnlyListTrainingStatus);

    private static async Task<IResult> ShowAsync(string id, TrainingJobs jobs, CancellationToken cancel)
        => await jobs.FindAsync(id, cancel) is { } job ? Results.Json(job, AdminJson.Default.TrainingStatus) : NotFound(id);

    internal static IResult NotFound(string id) => Results.Problem($"There is no job '{id}'; GET /training lists the newest.", statusCode: StatusCodes.Status404NotFound);
}
