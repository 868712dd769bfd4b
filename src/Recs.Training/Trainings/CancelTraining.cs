using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Recs.Contracts.Callers;
using Recs.Contracts.Registry;
using Recs.Training.Administering;

namespace Recs.Training.Trainings;

/// <summary>Calls a job off: appends <c>training_cancelled</c>, unless it has another outcome already. Its worker stops within a beat.</summary>
public sealed class CancelTraining(TrainingJobs jobs, RecordOutcome outcomes, FitCheckpoints checkpoints, TimeProvider clock)
{
    /// <summary>Calls it off.</summary>
    /// <param name="trainingId">The job.</param>
    /// <param name="by">Who.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancel">Stops before anything is appended.</param>
    /// <returns>How the job stands now; state <c>cancelled</c> if this or an earlier call stopped it, else it had ended otherwise before. Null if there is none of this id.</returns>
    public async Task<CalledOff?> RunAsync(string trainingId, string by, string reason, CancellationToken cancel = default)
    {
        if (await jobs.FindAsync(trainingId, cancel) is not { } job)
            return null;
        if (job.Ended)
            return new(job, ByThisCall: false);
        bool byThisCall;
        if (job.Kind == JobKind.Training.Word())
        {
            var cancelled = new TrainingCancelled(trainingId, job.Model, by, reason, clock.GetUtcNow());
            byThisCall = ReferenceEquals(await outcomes.CancelledAsync(cancelled), cancelled);
            checkpoints.Remove(trainingId); // those of this machine; whoever fits it now removes what it writes until it notices
        }
        else
            byThisCall = await jobs.RunAsync(jobs.Close(trainingId, "cancelled", null, $"by {by}: {reason}"), cancel);
        return await jobs.FindAsync(trainingId, cancel) is { } now ? new(now, byThisCall) : null;
    }
}

/// <summary>What came of calling a job off.</summary>
/// <param name="Job">How it stands now.</param>
/// <param name="ByThisCall">This call stopped it; else it had ended before, perhaps because it was called off already.</param>
public sealed record CalledOff(TrainingStatus Job, bool ByThisCall);

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
        return (await training.RunAsync(id, http.User.Subject() ?? "unknown", reason, cancel))?.Job switch
        {
            null => ShowTrainingRoute.NotFound(id),
            { State: "cancelled" } job => Results.Json(job, AdminJson.Default.TrainingStatus),
            { } job => Results.Problem($"Job {id} has ended already: {job.State}{(job.Version is null ? "" : ", " + job.Version)}.", statusCode: StatusCodes.Status409Conflict),
        };
    }
}
