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
using Recs.EventStore.Reading;
using Recs.Queries.Asking;
using Recs.Queries.Models;
using Recs.Queries.Monitoring;
using Recs.Queries.Provenance;
using Recs.Training.Artifacts;

namespace Recs.Queries.Serving;

/// <summary>Answers <c>GET /recommend/{userId}</c>: ground, score, record, answer, in that order.</summary>
public sealed class ServeSlate(
    LogFollower follower, SlateGrounds grounds, EventReader reader, EventAppender appender, RecordBuild build, RecordFailure failure, ServingOptions options,
    TimeProvider clock, ILogger<ServeSlate> log)
{
    private const string Live = "live", Probe = "probe", Simulated = "simulated", ChannelHeader = "X-Recs-Channel";
    private static readonly string ContractName =
        $"{typeof(RecommendationServed).FullName}, {typeof(RecommendationServed).Assembly.GetName().Name}";

    private static readonly string[] Channels = [Live, Probe, "tester", Simulated];
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
            if (status >= StatusCodes.Status500InternalServerError && http.Request.Headers[ChannelHeader] == Probe && http.User.IsTrusted())
                await failure.RunAsync(userId, options.SimulatedTime ? Simulated : Probe, status, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            return result;
        }
        finally
        {
            ServingMetrics.Answered(status, model, "none", Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
    }

    private async ValueTask<(IResult Result, string? Model)> AnswerAsync(HttpContext http, string userId, long started)
    {
        var query = RecommendQuery.Parse(http.Request, userId, out var errors);
        if (query is null)
            return (Results.ValidationProblem(errors, title: "The request is not valid."), null);
        if (query.IsPersonal && !http.User.MayActFor(userId))
            return (NotYours(http), null);
        var (channel, refusal) = query.OfThePast ? (Live, null) : ChannelOf(http, options.SimulatedTime);
        if (channel is null)
            return (refusal!, null);
        if (!await follower.WaitForAsync(query.MinSequence, query.Wait, http.RequestAborted))
            return (NotYetRead(http, query.MinSequence), null);
        (var ground, refusal) = await GroundAsync(http, query);
        if (ground is not { } found)
            return (refusal!, null);
        var genre = query.Genre is null ? null : found.Catalogue.GenreNamed(query.Genre);
        if (query.Genre is not null && genre is null)
            return (QueryReader.Invalid("genre", $"No genre '{query.Genre}'. Known: {string.Join(", ", found.Catalogue.Genres)}."), null);
        var rerank = query.RerankOr(options.Rerank);
        var rules = genre is null && query.Exclude.Count == 0 && rerank is null ? SlateRules.None : new SlateRules(genre, query.Exclude, rerank);
        return (await ServeAsync(http, query, rules, found, channel, started), found.Model.Manifest.Model);
    }

    /// <summary>The channel that was asked for; in a simulated time always that of simulations, so that nothing that happened in it ever counts as live.</summary>
    private static (string? Channel, IResult? Refusal) ChannelOf(HttpContext http, bool simulatedTime)
    {
        var given = http.Request.Headers[ChannelHeader];
        var channel = given.Count == 0 ? Live : given.ToString();
        return !Channels.Contains(channel) ? (null, QueryReader.Invalid(ChannelHeader, $"One of {string.Join(", ", Channels)}."))
            : channel != Live && !http.User.IsTrusted() ? (null, Results.Problem("The channel needs a service or admin token.", statusCode: StatusCodes.Status403Forbidden))
            : (simulatedTime ? Simulated : channel, null);
    }

    private async ValueTask<(SlateGround? Ground, IResult? Refusal)> GroundAsync(HttpContext http, RecommendQuery query)
    {
        try
        {
            if (query.AsOf is { } moment)
                return await GroundAsOfAsync(http, query, moment);
            var now = await grounds.NowAsync(query.UserId, query.Model, http.User.IsTrusted(), http.RequestAborted);
            return now is not { } ground
                ? (null, query.Model is { } unknown
                    ? UnknownModel(unknown)
                    : Unavailable(http, follower.ModelTrouble ?? "No model is in production yet. Train one (recs train) and promote it (recs models promote)."))
                : (query.HappenedBefore is { } time ? grounds.HappenedBefore(ground, time) : ground, null);
        }
        catch (VersionNotOfferedException e)
        {
            return (null, Refusal.NeedsTrust(e.Message));
        }
        catch (Exception e) when (e is DamagedArtifactException or ArtifactNotFoundException)
        {
            log.LogError(e, "A model cannot be opened.");
            return (null, Unavailable(http, "The model's files are missing or damaged; recs check names them, recs reproduce makes them again."));
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            log.LogError(e, "The history of {User} cannot be read.", query.UserId);
            return (null, Results.Problem($"The history of '{query.UserId}' holds an event that cannot be read: {e.Message}", statusCode: StatusCodes.Status500InternalServerError));
        }
    }

    private async ValueTask<(SlateGround? Ground, IResult? Refusal)> GroundAsOfAsync(HttpContext http, RecommendQuery query, LogMoment moment)
    {
        if (moment.Recorded > clock.GetUtcNow())
            return (null, QueryReader.Invalid("asOf", "The time lies in the future."));
        var sequence = moment.Sequence ?? await reader.PositionAtAsync(moment.Recorded!.Value, http.RequestAborted);
        if (!await follower.WaitForAsync(sequence, query.Wait, http.RequestAborted))
            return (null, NotYetRead(http, sequence));
        var then = await grounds.AsOfAsync(query.UserId, query.Model, sequence, http.User.IsTrusted(), http.RequestAborted);
        return then is not null ? (then, null)
            : query.Model is { } unknown ? (null, UnknownModel(unknown))
            : (null, Results.Problem($"No model was in production at log position {sequence}. Ask for a later moment, or name a version with model=.", statusCode: StatusCodes.Status404NotFound));
    }

    private async ValueTask<IResult> ServeAsync(HttpContext http, RecommendQuery query, SlateRules rules, SlateGround ground, string channel, long started)
    {
        var scratch = _scratch.TryTake(out var free) ? free : new RequestScratch();
        try
        {
            var now = clock.GetUtcNow();
            using (ServingSpans.Score())
                scratch.Slate.Find(ground.Model, ground.Catalogue, ground.User, rules, query.K);
            var served = new ServedSlate(
                Guid.CreateVersion7(now), query, rules, ground, channel, options.Record && !query.OfThePast, http.User.IsTrusted(),
                Stopwatch.GetElapsedTime(started).TotalMilliseconds, now);
            if (served.Recorded)
                await RecordAsync(served, scratch);
            await SendAsync(http, served, scratch);
            ServingMetrics.Served(scratch.Slate.Fallback ?? "history");
            return Results.Empty;
        }
        catch (Exception e) when (e is NpgsqlException or AppendOutcomeUnknownException or TimeoutException)
        {
            log.LogError(e, "A slate for {User} could not be recorded.", query.UserId);
            return Unavailable(http, "The slate could not be recorded, so it was not served: the database does not answer.");
        }
        finally
        {
            _scratch.Add(scratch);
        }
    }

    private async ValueTask RecordAsync(ServedSlate served, RequestScratch scratch)
    {
        await build.EnsureAsync();
        SlateText.WriteEvent(scratch.Event, served, scratch.Slate, build.Build.Id);
        var id = served.RequestId.ToString("N");
        var e = new NewEvent(served.RequestId, EventAliases.RecommendationServed, scratch.Event.Written, id, id, DotNetType: ContractName);
        await appender.AppendAsync(AppendRequest.One(StreamIds.Recommendations(served.Query.UserId), e));
    }

    private static async ValueTask SendAsync(HttpContext http, ServedSlate served, RequestScratch scratch)
    {
        var response = http.Response;
        var manifest = served.Ground.Model.Manifest;
        if (served.Query.PlainText)
            SlateText.WriteIds(scratch.Answer, served, scratch.Slate);
        else
            SlateText.WriteAnswer(scratch.Answer, served, scratch.Slate, scratch.Reasons);
        response.ContentType = served.Query.PlainText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8";
        response.ContentLength = scratch.Answer.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Recs-Request-Id"] = served.RequestId.ToString("N");
        response.Headers["X-Recs-Model-Version"] = manifest.Version;
        response.Headers["X-Recs-Data-Snapshot"] = manifest.SnapshotId;
        response.Headers["X-Recs-Code-Revision"] = manifest.CodeRevision;
        response.Headers["X-Recs-Experiment"] = "none";
        if (served.Channel != Live)
            response.Headers[ChannelHeader] = served.Channel;
        await response.BodyWriter.WriteAsync(scratch.Answer.Written, http.RequestAborted);
    }

    private IResult UnknownModel(string name) => QueryReader.Invalid("model", $"No model or version '{name}'. Known: {string.Join(", ", follower.View.Registry.ModelNames)}.");

    private IResult NotYetRead(HttpContext http, long sequence) => Unavailable(http, $"This node has read the log through {follower.Through}, not yet through {sequence}.");

    private static IResult NotYours(HttpContext http)
    {
        if (http.User.Subject() is not null)
            return Results.Problem("The reasons and the past of a slate show what a person did: this token is neither the person's own nor a service's.", statusCode: StatusCodes.Status403Forbidden);
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Results.Problem("The reasons and the past of a slate show what a person did: that needs the person's own token, or a service's.", statusCode: StatusCodes.Status401Unauthorized);
    }

    private static IResult Unavailable(HttpContext http, string detail)
    {
        http.Response.Headers.RetryAfter = "1";
        return Results.Problem(detail, statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
