using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Recs.Contracts.Callers;
using Recs.Training.Administering;

namespace Recs.Training.Trainings;

/// <summary>
/// <c>GET /training/{id}/progress</c>: server-sent events from any process, whichever one does the work. The first <c>progress</c> is how the job stands now;
/// <c>end</c> is the last, and carries the version or what went wrong.
/// </summary>
internal static class FollowTrainingRoute
{
    /// <summary>Comments keep proxies from closing a connection on which nothing happens.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LookAllTheSame = TimeSpan.FromSeconds(1);

    public static void MapFollowTraining(this IEndpointRouteBuilder routes) => routes
        .MapGet("/training/{id}/progress", HandleAsync).RequireAuthorization(AccessPolicies.Caller)
        .WithName("TrainingProgress").WithTags("Models").WithSummary("Follow a job of the training role (server-sent events)")
        .WithDescription("Events 'progress' (first: how it stands now) and one 'end', each with a TrainingStatus as data; comments keep the connection alive.")
        .Produces<TrainingStatus>(StatusCodes.Status200OK, "text/event-stream").ProducesProblem(401).ProducesProblem(404).ProducesProblem(429);

    private static async Task<IResult> HandleAsync(
        HttpContext http, string id, TrainingJobs jobs, TrainingNews news, ProgressStreams streams, IHostApplicationLifetime host, TimeProvider clock, CancellationToken cancel)
    {
        if (await jobs.FindAsync(id, cancel) is null)
            return ShowTrainingRoute.NotFound(id);
        using var place = streams.TryOpen(http.User.Subject() ?? "unknown");
        if (place is null)
        {
            http.Response.Headers.RetryAfter = "30";
            return Results.Problem(
                $"Too many progress streams are open: at most {ProgressStreams.MostPerSubject} of one caller and {ProgressStreams.Most} of this process. GET /training/{id} tells how the job stands.",
                statusCode: StatusCodes.Status429TooManyRequests);
        }
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, host.ApplicationStopping);
        try
        {
            await FollowAsync(http.Response, id, jobs, news, clock, either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // the caller went away, or this process stops: an event source connects again, elsewhere
        }
        return Results.Empty;
    }

    private static async Task FollowAsync(HttpResponse response, string id, TrainingJobs jobs, TrainingNews news, TimeProvider clock, CancellationToken cancel)
    {
        TrainingStatus? told = null;
        var toldAt = clock.GetTimestamp();
        while (true)
        {
            var next = news.Next;
            if (await LookAsync(jobs, id, cancel) is { } now && now != told)
            {
                (told, toldAt) = (now, clock.GetTimestamp());
                await response.WriteAsync($"event: {(now.Ended ? "end" : "progress")}\ndata: {JsonSerializer.Serialize(now, AdminJson.Default.TrainingStatus)}\n\n", cancel);
                await response.Body.FlushAsync(cancel);
                if (now.Ended)
                    return;
            }
            else if (clock.GetElapsedTime(toldAt) > KeepAlive)
            {
                toldAt = clock.GetTimestamp();
                await response.WriteAsync(": keep-alive\n\n", cancel);
                await response.Body.FlushAsync(cancel);
            }
            await TrainingNews.WaitAsync(next, LookAllTheSame, cancel);
        }
    }

    private static async Task<TrainingStatus?> LookAsync(TrainingJobs jobs, string id, CancellationToken cancel)
    {
        try
        {
            return await jobs.FindAsync(id, cancel);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException)
        {
            return null; // away for a moment: the answer has begun, so the next look must do
        }
    }
}
