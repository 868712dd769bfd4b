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

/// <summary>Nothing was in production before what is there now.</summary>
public sealed class NoEarlierVersionException(string? current)
    : ArgumentException(current is null ? "Nothing is in production, so there is nothing to roll back." : $"Nothing was in production before {current}, so there is nothing to roll back to.");

/// <summary>Takes the last promotion back: what it replaced goes into production again, as <c>model_rolled_back</c>. Again and again, down to the first.</summary>
public sealed class RollBackModel(ArtifactStore artifacts, ListModels models, EventAppender appender, EventTypes types, TimeProvider clock)
{
    /// <summary>Rolls back.</summary>
    /// <param name="by">Who decided.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancel">Stops before anything is appended.</param>
    /// <returns>The decision and its log position.</returns>
    /// <exception cref="NoEarlierVersionException">There is nothing to roll back to.</exception>
    /// <exception cref="ArgumentException">No reason was given.</exception>
    /// <exception cref="ConcurrencyException">Somebody decided about that model meanwhile.</exception>
    /// <exception cref="DamagedArtifactException">The earlier version's files are not what was written.</exception>
    /// <exception cref="ArtifactNotFoundException">The store does not have them.</exception>
    public async Task<(ModelRolledBack Event, long Sequence)> RunAsync(string by, string reason, CancellationToken cancel = default)
    {
        if (string.IsNullOrWhiteSpace(reason))
            throw new ArgumentException("A roll-back needs a reason: the log keeps it.", nameof(reason));
        var history = await models.ProductionAsync(cancel: cancel);
        var target = history.RollsBackTo ?? throw new NoEarlierVersionException(history.Current?.Version);
        var earlier = (await models.VersionAsync(target, cancel)).Trained;
        artifacts.Verify(earlier.ContentHash);
        var stream = await models.OneAsync(earlier.Model, cancel);
        var rolledBack = new ModelRolledBack(earlier.Model, target, history.Current!.Version, by, reason, clock.GetUtcNow());
        var stored = await appender.AppendAsync(
            new([new(StreamIds.Model(earlier.Model), ExpectedVersion.Exactly(stream.StreamVersion), [types.Encode(Guid.CreateVersion7(rolledBack.At), rolledBack)])]), cancel);
        await artifacts.NameProductionAsync(models, cancel);
        return (rolledBack, stored.LastSequence);
    }
}

/// <summary><c>POST /models/rollback</c>.</summary>
internal static class RollBackModelRoute
{
    public static void MapRollBackModel(this IEndpointRouteBuilder routes) => routes
        .MapPost("/models/rollback", HandleAsync).Decides()
        .WithName("RollBackModel").WithTags("Models").WithSummary("Put what was in production before back into production")
        .Accepts<DecisionBody>("application/json").ProducesBodyProblems();

    private static async Task<IResult> HandleAsync(HttpContext http, RollBackModel rollBack, CancellationToken cancel)
    {
        var (body, problem) = await AdminBody.ReadAsync(http.Request, AdminJson.Default.DecisionBody, new DecisionBody(), cancel);
        if (body is null)
            return problem!;
        if (AdminBody.WrongReason(body.Reason) is { } wrong)
            return wrong;
        try
        {
            var (decided, sequence) = await rollBack.RunAsync(http.User.Subject() ?? "unknown", body.Reason!, cancel);
            return PromoteModelRoute.Answer(http, new(decided.Version, decided.Model, decided.From, sequence));
        }
        catch (Exception e) when (PromoteModelRoute.Problem(e) is { } known)
        {
            return known;
        }
    }
}
