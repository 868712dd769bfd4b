using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Recs.Contracts;
using Recs.Contracts.Callers;
using Recs.Contracts.Registry;
using Recs.Contracts.Snapshots;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.EventStore.Following;
using Recs.Training.Administering;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;
using Recs.Training.Tuning;

namespace Recs.Training.Trainings;

/// <summary>What was asked for cannot be trained.</summary>
/// <param name="field">What is wrong: <c>model</c>, <c>options</c> or <c>snapshot</c>.</param>
/// <param name="message">Why, and what there is instead.</param>
public sealed class WrongTrainingException(string field, string message) : ArgumentException(message)
{
    /// <summary>What is wrong: <c>model</c>, <c>options</c> or <c>snapshot</c>.</summary>
    public string Field { get; } = field;
}

/// <summary>Asks for a training: appends <c>training_requested</c> and opens its job in one transaction. A process with the training role carries it out.</summary>
public sealed class RequestTraining(FindSnapshot find, TunedOptions tuned, TrainingJobs jobs, EventAppender appender, EventTypes types, TimeProvider clock)
{
    /// <summary>Asks.</summary>
    /// <param name="request">What to train.</param>
    /// <param name="snapshotId">Snapshot that is there; null for a new one of the whole log.</param>
    /// <param name="logEnd">High-water mark: where a new snapshot ends.</param>
    /// <param name="heldHere">The caller carries it out at once; no worker takes it while the caller lives.</param>
    /// <param name="cancel">Stops before anything is appended.</param>
    /// <returns>The request, and its log position.</returns>
    /// <exception cref="WrongTrainingException">Unknown model, wrong option, or no such snapshot; nothing is appended.</exception>
    public async Task<(TrainingRequested Event, long Sequence)> RunAsync(
        TrainRequest request, string? snapshotId, long logEnd, bool heldHere = false, CancellationToken cancel = default)
    {
        var recommender = Recommenders.All.FirstOrDefault(r => r.Name == request.Model)
            ?? throw new WrongTrainingException("model", $"Unknown model '{request.Model}'. Models: {string.Join(", ", Recommenders.All.Select(r => r.Name))}.");
        var options = await ChooseAsync(recommender, request, cancel);
        if (snapshotId is not null && (!EntityId.IsValid(snapshotId) || await find.RunAsync(snapshotId, cancel) is null))
            throw new WrongTrainingException("snapshot", $"There is no snapshot '{snapshotId}'.");
        var asked = new TrainingRequested(
            request.TrainingId, request.Model, snapshotId ?? TakeSnapshot.DefaultId(logEnd, new SnapshotFilters()), options.Values.ToText(), request.Seed, request.RequestedBy,
            request.Reason, clock.GetUtcNow(), snapshotId is null ? logEnd : null, options.Sources);
        var stored = await appender.AppendAsync(new(
            [new(StreamIds.Model(request.Model), ExpectedVersion.Any, [types.Encode(TrainingEventIds.Request(request.TrainingId), asked, request.TrainingId)])],
            [jobs.Open(JobKind.Training, request.TrainingId, request.Model, null, request.RequestedBy, request.Reason, heldHere)]), cancel);
        return (asked, stored.LastSequence);
    }

    private async Task<ChosenOptions> ChooseAsync(IRecommender recommender, TrainRequest request, CancellationToken cancel)
    {
        try
        {
            return await tuned.ChooseAsync(recommender, request.Options, request.BuiltInDefaults, cancel);
        }
        catch (ArgumentException e)
        {
            throw new WrongTrainingException("options", e.Message);
        }
    }
}

/// <summary>Body of <c>POST /training</c>.</summary>
/// <param name="Model">Recommender's name.</param>
/// <param name="Reason">Why; the log keeps it. 1 to 1,000 characters.</param>
/// <param name="Options">Hyper-parameters by name, numbers; <paramref name="Defaults"/> says what the rest are.</param>
/// <param name="Seed">Key of every random draw; 1 if left out.</param>
/// <param name="Snapshot">Snapshot to train on; a new one of the whole log if left out.</param>
/// <param name="Defaults">What the other options are: <c>tuned</c> (what a tuning chose last, else the built-in ones) or <c>built-in</c>; <c>tuned</c> if left out.</param>
public sealed record TrainingBody(string? Model = null, string? Reason = null, IReadOnlyDictionary<string, JsonElement>? Options = null, ulong? Seed = null, string? Snapshot = null,
    string? Defaults = null);

/// <summary>The answer to a request that was taken on.</summary>
/// <param name="TrainingId">Names the job: <c>GET /training/{id}</c>, <c>/training/{id}/progress</c>, <c>POST /training/{id}/cancel</c>.</param>
/// <param name="Model">Model name.</param>
/// <param name="Snapshot">Snapshot that it trains on; null for a reproduction.</param>
/// <param name="Version">Version that is reproduced; null for a training.</param>
/// <param name="Sequence">Log position of the request; null for a reproduction, which the log does not hold.</param>
public sealed record JobAccepted(string TrainingId, string Model, string? Snapshot, string? Version, long? Sequence);

/// <summary><c>POST /training</c>.</summary>
internal static class RequestTrainingRoute
{
    public static void MapRequestTraining(this IEndpointRouteBuilder routes) => routes
        .MapPost("/training", HandleAsync).RequireAuthorization(AccessPolicies.Admin)
        .WithName("RequestTraining").WithTags("Models").WithSummary("Ask for a new version of a model")
        .WithDescription("Validated and stored in the log at once, carried out by a process with the training role; follow /training/{id}/progress.")
        .Accepts<TrainingBody>("application/json").Produces<JobAccepted>(StatusCodes.Status202Accepted).ProducesBodyProblems().ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> HandleAsync(HttpContext http, RequestTraining request, TrainingJobs jobs, HighWaterMark mark, TimeProvider clock, CancellationToken cancel)
    {
        var (body, problem) = await AdminBody.ReadAsync(http.Request, AdminJson.Default.TrainingBody, new TrainingBody(), cancel);
        if (body is null)
            return problem!;
        if (Invalid(body) is { } invalid)
            return invalid;
        if (await jobs.CountOpenAsync(cancel) >= TrainingJobs.MostOpen)
            return TooManyOpen(http);
        var order = new TrainRequest(
            Guid.CreateVersion7(clock.GetUtcNow()).ToString("N"), body.Model!, (body.Options ?? new Dictionary<string, JsonElement>()).ToDictionary(o => o.Key, o => o.Value.ToString()),
            body.Seed ?? 1, http.User.Subject() ?? "unknown", body.Reason!, body.Defaults == ChosenOptions.BuiltIn);
        try
        {
            var (asked, sequence) = await request.RunAsync(order, body.Snapshot, mark.Current, cancel: cancel);
            http.Response.Headers["X-Recs-Sequence"] = sequence.ToString(CultureInfo.InvariantCulture);
            return Accepted(http, new(asked.TrainingId, asked.Model, asked.SnapshotId, null, sequence));
        }
        catch (WrongTrainingException e)
        {
            return AdminBody.Invalid(e.Field, e.Message);
        }
        catch (AppendOutcomeUnknownException)
        {
            return Results.Problem("The connection to the database was lost while the request was stored: it may be in the log or not. GET /training lists what is there.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>202 that says where to follow the job.</summary>
    internal static IResult Accepted(HttpContext http, JobAccepted job)
    {
        http.Response.Headers.Location = $"/training/{job.TrainingId}";
        return Results.Json(job, AdminJson.Default.JobAccepted, statusCode: StatusCodes.Status202Accepted);
    }

    /// <summary>429: the jobs that are open must end first.</summary>
    internal static IResult TooManyOpen(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "30";
        return Results.Problem($"{TrainingJobs.MostOpen} jobs are open already; wait until some of them have ended, or cancel them.", statusCode: StatusCodes.Status429TooManyRequests);
    }

    private static IResult? Invalid(TrainingBody body)
        => body.Model is null ? AdminBody.Invalid("model", "Required.")
            : AdminBody.WrongReason(body.Reason) is { } wrong ? wrong
            : body.Defaults is not (null or ChosenOptions.Tuned or ChosenOptions.BuiltIn) ? AdminBody.Invalid("defaults", $"'{body.Defaults}' is neither 'tuned' nor 'built-in'.")
            : body.Options?.FirstOrDefault(o => o.Value.ValueKind is not (JsonValueKind.Number or JsonValueKind.String)) is { Key: { } name } ? AdminBody.Invalid("options", $"Option '{name}' is neither a number nor a number as text.")
            : null;
}
