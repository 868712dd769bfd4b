using System.Diagnostics;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.OpenApi;

namespace Recs.Host.Observing;

/// <summary>
/// Gives each request an id (its trace id: <c>traceparent</c>'s where the caller sent one), tells it in <c>X-Request-Id</c>, and writes one line for each
/// request that failed. The line names the route and not the address, whose path and query hold ids of people.
/// </summary>
internal sealed class RequestLog(RequestDelegate next, ILogger<RequestLog> log)
{
    /// <summary>Header that tells the caller under which id the log knows the request.</summary>
    public const string Header = "X-Request-Id";

    /// <summary>Handles a request.</summary>
    public async Task InvokeAsync(HttpContext http)
    {
        var started = Stopwatch.GetTimestamp();
        Identify(http);
        await next(http);
        if (Activity.Current is { IsAllDataRequested: true } span)
            Describe(span, http);
        if (http.Response.StatusCode >= 400)
            Tell(http, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Tells the caller the id; again after an error, which clears what was going to be answered.</summary>
    public static void Identify(HttpContext http) => http.Response.Headers[Header] = Activity.Current?.TraceId.ToHexString() ?? http.TraceIdentifier;

    /// <summary>Writes the header into the OpenAPI document: every answer of a route has it.</summary>
    public static void Describe(OpenApiOperation operation)
    {
        foreach (var response in (operation.Responses ?? []).Values.OfType<OpenApiResponse>())
            (response.Headers ??= new Dictionary<string, IOpenApiHeader>())[Header] = new OpenApiHeader
            {
                Description = "The id of this request in the service's log lines and traces; quote it when you report a fault. Send a traceparent and it is that trace's id.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            };
    }

    private void Tell(HttpContext http, TimeSpan took)
    {
        log.Log(
            LevelOf(http), http.Features.Get<IExceptionHandlerFeature>()?.Error, "{Method} {Route} answered {Status} after {Milliseconds:0.0} ms",
            http.Request.Method, Route(http), http.Response.StatusCode, took.TotalMilliseconds);
    }

    /// <summary>A flood that is refused must not fill the log, nor must a probe that asks every second whether the node is ready at last: both are counted in metrics.</summary>
    private static LogLevel LevelOf(HttpContext http) => http.Response.StatusCode switch
    {
        StatusCodes.Status429TooManyRequests => LogLevel.Debug,
        StatusCodes.Status503ServiceUnavailable => Route(http) == "/readyz" ? LogLevel.Debug : LogLevel.Warning,
        >= 500 => LogLevel.Error,
        _ => LogLevel.Information,
    };

    private static void Describe(Activity span, HttpContext http)
    {
        var route = Route(http);
        span.DisplayName = $"{http.Request.Method} {route}";
        span.SetTag("http.request.method", http.Request.Method).SetTag("http.route", route).SetTag("http.response.status_code", http.Response.StatusCode);
        if (http.Response.StatusCode >= 500)
            span.SetStatus(ActivityStatusCode.Error);
    }

    private static string Route(HttpContext http)
        => ((http.Features.Get<IExceptionHandlerFeature>()?.Endpoint ?? http.GetEndpoint()) as RouteEndpoint)?.RoutePattern.RawText ?? "(no route)";
}
