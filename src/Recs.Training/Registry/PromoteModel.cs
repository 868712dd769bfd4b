using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Recs.Contracts;
using Recs.Contracts.Callers;
using Recs.Contracts.Registry;
using Recs.EventStore.Appending;
using Recs.EventStore.Evolving;
using Recs.Training.Administering;
using Recs.Training.Artifacts;

namespace Recs.Training.Registry;

/// <summary>Puts a version into production: appends <c>model_promoted</c>. Query nodes follow the log and swap without dropping a request.</summary>
public sealed class PromoteModel(ArtifactStore artifacts, ListModels models, EventAppender appender, EventTypes types, TimeProvider clock)
{
    /// <summary>Promotes a version.</summary>
    /// <param name="version">Such as <c>popularity-v0.1</c>.</param>
    /// <param name="by">Who decided.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancel">Stops before anything is appended.</param>
    /// <exception cref="ArgumentException">There is no such version, or no reason was given.</exception>
    /// <exception cref="DamagedArtifactException">The version's files are not what was written.</exception>
    /// <exception cref="ArtifactNotFoundException">The store does not have them.</exception>
    public async Task<ModelPromoted> RunAsync(string version, string by, string reason, CancellationToken cancel = default)
        => (await DecideAsync(version, by, reason, cancel)).Event;

    /// <summary>The same, with the log position of the decision.</summary>
    internal async Task<(ModelPromoted Event, long Sequence)> DecideAsync(string version, string by, string reason, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(reason))
            throw new ArgumentException("A promotion needs a reason: the log keeps it.", nameof(reason));
        var found = await models.VersionAsync(version, cancel);
        artifacts.Verify(found.Trained.ContentHash); // a model that no node could open must not go into production
        var current = (await models.ProductionAsync(cancel: cancel)).Current;
        var promoted = new ModelPromoted(found.Trained.Model, version, current?.Version, by, reason, clock.GetUtcNow());
        var stored = await appender.AppendAsync(AppendRequest.One(StreamIds.Model(found.Trained.Model), types.Encode(Guid.CreateVersion7(promoted.At), promoted)), cancel);
        artifacts.Name(found.Trained);
        await artifacts.NameProductionAsync(models, cancel);
        return (promoted, stored.LastSequence);
    }
}

/// <summary>Body of a decision about production.</summary>
/// <param name="Reason">Why; the log keeps it. 1 to 1,000 characters.</param>
public sealed record DecisionBody(string? Reason = null);

/// <summary>A decision about production that is in the log.</summary>
/// <param name="Version">In production now.</param>
/// <param name="Model">Its model.</param>
/// <param name="Previous">In production before; null for nothing.</param>
/// <param name="Sequence">Log position; give it to <c>/recommend</c> as <c>minSequence</c> to be answered by this version.</param>
public sealed record Decided(string Version, string Model, string? Previous, long Sequence);

/// <summary><c>POST /models/{version}/promote</c>, and what its aliases share with it.</summary>
internal static class PromoteModelRoute
{
    public static void MapPromoteModel(this IEndpointRouteBuilder routes) => routes
        .MapPost("/models/{version}/promote", HandleAsync).Decides()
        .WithName("PromoteModel").WithTags("Models").WithSummary("Put a version into production")
        .WithDescription("Every query node swaps when it reads the decision in the log, without a failed or mixed answer. {version}: a version's name, v0.N where the model is clear, or a model for its newest version.")
        .Accepts<DecisionBody>("application/json").ProducesBodyProblems();

    private static async Task<IResult> HandleAsync(HttpContext http, string version, PromoteModel promote, ListModels models, CancellationToken cancel)
    {
        var (body, problem) = await AdminBody.ReadAsync(http.Request, AdminJson.Default.DecisionBody, new DecisionBody(), cancel);
        return body is null ? problem! : await PromoteAsync(http, version, body.Reason, promote, models, cancel);
    }

    /// <summary>Promotes what was named, or answers why not.</summary>
    internal static async Task<IResult> PromoteAsync(HttpContext http, string name, string? reason, PromoteModel promote, ListModels models, CancellationToken cancel)
    {
        if (AdminBody.WrongReason(reason) is { } wrong)
            return wrong;
        try
        {
            var (promoted, sequence) = await promote.DecideAsync(await models.MeantAsync(name, cancel), http.User.Subject() ?? "unknown", reason!, cancel);
            return Answer(http, new(promoted.Version, promoted.Model, promoted.Previous, sequence));
        }
        catch (Exception e) when (Problem(e) is { } problem)
        {
            return problem;
        }
    }

    /// <summary>200 with the decision and its position.</summary>
    internal static IResult Answer(HttpContext http, Decided decided)
    {
        http.Response.Headers["X-Recs-Sequence"] = decided.Sequence.ToString(CultureInfo.InvariantCulture);
        return Results.Json(decided, AdminJson.Default.Decided);
    }

    /// <summary>The problem that an expected error is answered with; null for a defect.</summary>
    internal static IResult? Problem(Exception e) => e switch
    {
        UnknownVersionException => Results.Problem(e.Message, statusCode: StatusCodes.Status404NotFound),
        AmbiguousVersionException or NoEarlierVersionException or ConcurrencyException => Results.Problem(e.Message, statusCode: StatusCodes.Status409Conflict),
        DamagedArtifactException or ArtifactNotFoundException
            => Results.Problem("The version's files are missing or damaged, so it cannot go into production; reproduce it first.", statusCode: StatusCodes.Status409Conflict),
        AppendOutcomeUnknownException
            => Results.Problem("The connection to the database was lost while the decision was stored: it may be in the log or not. See /models/history.", statusCode: StatusCodes.Status503ServiceUnavailable),
        _ => null,
    };

    /// <summary>Needs an admin and answers with a decision.</summary>
    internal static RouteHandlerBuilder Decides(this RouteHandlerBuilder route) => route
        .RequireAuthorization(AccessPolicies.Admin).Produces<Decided>().ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(503);
}
