using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Recs.Contracts.Callers;
using Recs.Training.Registry;
using Recs.Training.Trainings;

namespace Recs.Training.Reproducing;

/// <summary><c>POST /models/{version}/reproduce</c>: a fit may take minutes, so it is a job of the training role, followed like a training.</summary>
internal static class ReproduceModelRoute
{
    public static void MapReproduceModel(this IEndpointRouteBuilder routes) => routes
        .MapPost("/models/{version}/reproduce", HandleAsync).RequireAuthorization(AccessPolicies.Admin)
        .WithName("ReproduceModel").WithTags("Models").WithSummary("Train a version again from its manifest and compare the bytes")
        .WithDescription("Answers with a job; /training/{id}/progress ends with state identical, different, damaged-snapshot, missing-snapshot, failed or cancelled.")
        .Produces<JobAccepted>(StatusCodes.Status202Accepted).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(429);

    private static async Task<IResult> HandleAsync(HttpContext http, string version, ListModels models, TrainingJobs jobs, TimeProvider clock, CancellationToken cancel)
    {
        try
        {
            var found = (await models.VersionAsync(await models.MeantAsync(version, cancel), cancel)).Trained;
            if (await jobs.CountOpenAsync(cancel) >= TrainingJobs.MostOpen)
                return RequestTrainingRoute.TooManyOpen(http);
            var id = Guid.CreateVersion7(clock.GetUtcNow()).ToString("N");
            await jobs.RunAsync(jobs.Open(JobKind.Reproduction, id, found.Model, found.Version, http.User.Subject() ?? "unknown", "asked for over HTTP", heldHere: false), cancel);
            return RequestTrainingRoute.Accepted(http, new(id, found.Model, null, found.Version, null));
        }
        catch (Exception e) when (PromoteModelRoute.Problem(e) is { } problem)
        {
            return problem;
        }
    }
}
