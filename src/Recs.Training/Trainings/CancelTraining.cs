using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Recs.Contracts.Callers;
using Recs.Contracts.Registry;
using Recs.Training.Administering;

namespace Recs.Training.Trainings;

/// <summary>Calls a job off: appends <c>training_cancelled</c>, unless it has another outcome already. Its worker stops within a beat.</summary>
public sealed class CancelTraining(TrainingJobs jobs, RecordOutcome outcomes, TimeProvider clock)
{
    /// <summary>Calls it off.</summary>
    /// <param name="trainingId">The job.</param>
    /// <param name="by">Who.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancel">Stops before anything is appended.</param>
    /// <returns>How the job stands now; state <c>cancelled</c> if this or an earlier call stopped it, else it had ended otherwise before. Null if there is none of this id.</returns>
    public async Task<TrainingStatus?> RunAsync(string trainingId, string by, string reason, CancellationToken cancel = default)
    {
        if (await jobs.FindAsync(trainingId, cancel) is not { } job)
            return null;
        if (job.Ended)
            return job;
        if (job.Kind == JobKind.Training.Word())
            await outcomes.CancelledAsync(new TrainingCancelled(trainingId, job.Model, by, reason, clock.GetUtcNow()));
        else
            await jobs.RunAsync(jobs.Close(trainingId, "cancelled", null, $"by {by}: {reason}"), cancel);
        return await jobs.FindAsync(trainingId, cancel);
    }
}

/// <summary>Body of <c>POST /training/{id}/cancel</c>; may be left out.</summary>
/// <param name="Reason">Why; the log keeps it. 1 to 1,000 characters.</param>
public sealed record CancelBody(string? Reason = null);

/// <summary><c>POST /training/{id}/cancel</c>.</summary>
internal static class CancelTrainingRoute
{
    public static void MapCancelTraining(this IEndpointRouteBuilder routes) => routes
        .MapPost("/training/{id}/cancel", HandleAsync).RequireAuthorization(AccessPolicies.Admin)
        .WithName("CancelTraining").WithTags("Models").WithSummary("Call a job off")
        .Accepts<CancelBody>("application/json").Produces<TrainingStatus>().ProducesBodyProblems().ProducesProblem(404).ProducesProblem(409);

    private static async Task<IResult> HandleAsync(HttpContext http, string id, CancelTraining training, CancellationToken cancel)
    {
        var (body, problem) = await AdminBody.ReadAsync(http.Request, AdminJson.Default.CancelBody, new CancelBody(), cancel);
        if (body is null)
            return problem!;
        var reason = body.Reason ?? "asked for over HTTP";
        if (AdminBody.WrongReason(reason) is { } wrong)
            return wrong;
        return await training.RunAsync(id, http.User.Subject() ?? "unknown", reason, cancel) switch
        {
            null => ShowTrainingRoute.NotFound(id),
            { State: "cancelled" } job => Results.Json(job, AdminJson.Default.TrainingStatus),
            { } job => Results.Problem($"Job {id} has ended already: {job.State}{(job.Version is null ? "" : ", " + job.Version)}.", statusCode: StatusCodes.Status409Conflict),
        };
    }
}
