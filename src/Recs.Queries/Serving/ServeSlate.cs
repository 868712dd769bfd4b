using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using Recs.Contracts;
using Recs.Contracts.Callers;
using Recs.Contracts.Recommendations;
using Recs.EventStore;
using Recs.EventStore.Appending;
using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Queries.Monitoring;
using Recs.Queries.UserStates;
using Recs.Training.Artifacts;

namespace Recs.Queries.Serving;

/// <summary>Answers <c>GET /recommend/{userId}</c>: state, score, record, answer, in that order.</summary>
public sealed class ServeSlate(
    LogFollower follower, RegistryState registry, OpenModels models, UserStateCache users, EventAppender appender, ServingOptions options,
    TimeProvider clock, ILogger<ServeSlate> log)
{
    private static readonly string ContractName =
        $"{typeof(RecommendationServed).FullName}, {typeof(RecommendationServed).Assembly.GetName().Name}";

    private static readonly string[] Channels = ["live", "probe", "tester", "simulated"];
    private readonly ConcurrentBag<RequestScratch> _scratch = [];

    /// <summary>Serves one request.</summary>
    public async Task<IResult> HandleAsync(HttpContext http, string userId)
    {
        var started = Stopwatch.GetTimestamp();
        var (status, model) = (StatusCodes.Status500InternalServerError, "none");
        try
        {
            var (result, answering) = await AnswerAsync(http, userId, started);
            status = result is IStatusCodeHttpResult { StatusCode: { } code } ? code : StatusCodes.Status200OK;
            model = answering ?? "none";
            return result;
        }
        finally
        {
            ServingMetrics.Answered(status, model, "none", Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    /// <summary>What a request came down to, all of it checked.</summary>
    private sealed record Asked(RecommendQuery Query, string Channel, LiveModel Model, CatalogueState Catalogue, SlateFilter Filter);

    private async ValueTask<(IResult Result, string? Model)> AnswerAsync(HttpContext http, string userId, long started)
    {
        var (asked, refusal) = await UnderstandAsync(http, userId);
        return asked is null ? (refusal!, null) : (await ServeAsync(http, asked, started), asked.Model.Manifest.Model);
    }

    private async ValueTask<(Asked? Asked, IResult? Refusal)> UnderstandAsync(HttpContext http, string userId)
    {
        var query = RecommendQuery.Parse(http.Request, userId, out var errors);
        if (query is null)
            return (null, Results.ValidationProblem(errors, title: "The request is not valid."));
        var given = http.Request.Headers["X-Recs-Channel"];
        var channel = given.Count == 0 ? "live" : given.ToString();
        if (!Channels.Contains(channel))
            return (null, Invalid("X-Recs-Channel", $"One of {string.Join(", ", Channels)}."));
        if (channel != "live" && !http.User.IsTrusted())
            return (null, Results.Problem("The channel needs a service or admin token.", statusCode: StatusCodes.Status403Forbidden));
        if (!await follower.WaitForAsync(query.MinSequence, query.Wait, http.RequestAborted))
            return (null, Unavailable(http, $"This node has read the log through {follower.Through}, not yet through {query.MinSequence}."));
        var catalogue = follower.Catalogue;
        var genre = query.Genre is null ? null : catalogue.GenreNamed(query.Genre);
        if (query.Genre is not null && genre is null)
            return (null, Invalid("genre", $"No genre '{query.Genre}'. Known: {string.Join(", ", catalogue.Genres)}."));
        var filter = genre is null && query.Exclude.Count == 0 ? SlateFilter.None : new SlateFilter(genre, query.Exclude);
        try
        {
            return Choose(query.Model) is { } model ? (new Asked(query, channel, model, catalogue, filter), null)
                : query.Model is { } unknown ? (null, Invalid("model", $"No model or version '{unknown}'. Known: {string.Join(", ", registry.ModelNames)}."))
                : (null, Unavailable(http, follower.ModelTrouble ?? "No model is in production yet. Train one (recs train) and promote it (recs models promote)."));
        }
        catch (Exception e) when (e is DamagedArtifactException or ArtifactNotFoundException)
        {
            log.LogError(e, "A model cannot be opened.");
            return (null, Unavailable(http, "The model's files are missing or damaged; recs check names them, recs reproduce makes them again."));
        }
    }

    private static IResult Invalid(string parameter, string message)
        => Results.ValidationProblem(new Dictionary<string, string[]> { [parameter] = [message] }, title: "The request is not valid.");

    private async ValueTask<IResult> ServeAsync(HttpContext http, Asked asked, long started)
    {
        var (query, channel, model, catalogue, filter) = asked;
        var userId = query.UserId;
        KnownUser user;
        try
        {
            user = await users.GetAsync(userId, http.RequestAborted);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            log.LogError(e, "The history of {User} cannot be read.", userId);
            return Results.Problem($"The history of '{userId}' holds an event that cannot be read: {e.Message}", statusCode: StatusCodes.Status500InternalServerError);
        }
        var scratch = _scratch.TryTake(out var free) ? free : new RequestScratch();
        try
        {
            var now = clock.GetUtcNow();
            scratch.Slate.Find(model, catalogue, user.Movies, filter, query.K);
            var served = new ServedSlate(
                Guid.CreateVersion7(now), query, filter, model, catalogue, user, Math.Max(follower.Through, user.State.Sequence), channel,
                Stopwatch.GetElapsedTime(started).TotalMilliseconds, now);
            if (options.Record)
                await RecordAsync(served, scratch);
            await SendAsync(http, served, scratch);
            ServingMetrics.Served(scratch.Slate.Personalized);
            return Results.Empty;
        }
        catch (Exception e) when (e is NpgsqlException or AppendOutcomeUnknownException or TimeoutException)
        {
            log.LogError(e, "A slate for {User} could not be recorded.", userId);
            return Unavailable(http, "The slate could not be recorded, so it was not served: the database does not answer.");
        }
        finally
        {
            _scratch.Add(scratch);
        }
    }

    private LiveModel? Choose(string? name)
        => name is null ? models.Champion : registry.Find(name) is { } manifest ? models.Get(manifest) : null;

    private async ValueTask RecordAsync(ServedSlate served, RequestScratch scratch)
    {
        SlateText.WriteEvent(scratch.Event, served, scratch.Slate);
        var id = served.RequestId.ToString("N");
        var e = new NewEvent(served.RequestId, EventAliases.RecommendationServed, scratch.Event.Written, id, id, DotNetType: ContractName);
        await appender.AppendAsync(AppendRequest.One(StreamIds.Recommendations(served.Query.UserId), e));
    }

    private static async ValueTask SendAsync(HttpContext http, ServedSlate served, RequestScratch scratch)
    {
        var response = http.Response;
        var manifest = served.Model.Manifest;
        if (served.Query.PlainText)
            SlateText.WriteIds(scratch.Answer, served, scratch.Slate);
        else
            SlateText.WriteAnswer(scratch.Answer, served, scratch.Slate);
        response.ContentType = served.Query.PlainText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
        response.ContentLength = scratch.Answer.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Recs-Request-Id"] = served.RequestId.ToString("N");
        response.Headers["X-Recs-Model-Version"] = manifest.Version;
        response.Headers["X-Recs-Data-Snapshot"] = manifest.SnapshotId;
        response.Headers["X-Recs-Code-Revision"] = manifest.CodeRevision;
        response.Headers["X-Recs-Experiment"] = "none";
        await response.BodyWriter.WriteAsync(scratch.Answer.Written, http.RequestAborted);
    }

    private static IResult Unavailable(HttpContext http, string detail)
    {
        http.Response.Headers.RetryAfter = "1";
        return Results.Problem(detail, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
