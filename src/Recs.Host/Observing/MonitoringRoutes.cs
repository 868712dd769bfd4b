using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Recs.Host.Composition;
using Recs.Host.Composition.Clocks;
using Recs.Queries.Models;

namespace Recs.Host.Observing;

/// <summary><c>/healthz</c>, <c>/readyz</c>, <c>/metrics</c>.</summary>
internal static class MonitoringRoutes
{
    /// <summary>What <c>/healthz</c> answers.</summary>
    /// <param name="Status">Always <c>live</c>: a process that cannot say so does not answer.</param>
    /// <param name="ModelVersion">Version that answers requests now; null if none does, or if this process serves no slates.</param>
    public sealed record Liveness(string Status, string? ModelVersion);

    /// <summary>What <c>/readyz</c> answers.</summary>
    /// <param name="Status"><c>ready</c>, or <c>not ready</c> with 503.</param>
    /// <param name="Roles">Roles of this process.</param>
    /// <param name="Checks">Each check, with figures of its own beside these fields.</param>
    /// <param name="Clock">The time in which the service lives.</param>
    public sealed record Readiness(string Status, IReadOnlyList<string> Roles, IReadOnlyList<ReadinessCheck> Checks, ClockReading Clock);

    /// <summary>The service's clock.</summary>
    /// <param name="Simulated">Whether it lives in a simulated time (<c>recs up --clock START@SPEED</c>).</param>
    /// <param name="Now">What it shows now, in UTC.</param>
    /// <param name="Speed">Its seconds per real second.</param>
    public sealed record ClockReading(bool Simulated, DateTimeOffset Now, double Speed)
    {
        /// <summary>Reads it.</summary>
        internal static ClockReading Of(LogClock clock) => new(clock.Simulated is not null, clock.Provider.GetUtcNow(), clock.Simulated?.Speed ?? 1);
    }

    /// <summary>One check of <c>/readyz</c>.</summary>
    /// <param name="Name">What was looked at.</param>
    /// <param name="Status"><c>healthy</c>, <c>degraded</c> (it works, but not as it should) or <c>unhealthy</c>.</param>
    /// <param name="Detail">In words.</param>
    public sealed record ReadinessCheck(string Name, string Status, string Detail);

    /// <summary>Maps the routes.</summary>
    /// <param name="routes">The application.</param>
    /// <param name="roles">Roles of this process, which <c>/readyz</c> names.</param>
    /// <param name="clock">The time in which it lives.</param>
    public static void MapMonitoring(this IEndpointRouteBuilder routes, Roles roles, LogClock clock)
    {
        routes.ServiceProvider.GetRequiredService<PrometheusText>(); // collects from the start, not from the first scrape on
        routes.ServiceProvider.GetRequiredService<ProcessInstruments>();
        routes.MapGet("/healthz", ([FromServices] IServiceProvider services) => new Liveness("live", services.GetService<OpenModels>()?.Champion?.Manifest.Version))
            .WithName("Healthz").WithTags("Monitoring").WithSummary("The process is alive, and which model version answers");
        routes.MapGet("/metrics", (PrometheusText metrics) => Results.Text(metrics.Write(), PrometheusText.ContentType))
            .WithName("Metrics").WithTags("Monitoring").WithSummary("Metrics in Prometheus' text format").Produces<string>(200, "text/plain");
        routes.MapGet("/readyz", (HttpContext http, HealthCheckService checks, CancellationToken cancel) => AnswerReadinessAsync(http, checks, roles, clock, cancel))
            .WithName("Readyz").WithTags("Monitoring").WithSummary("Whether each role of this process can do its work, and which check failed")
            .Produces<Readiness>().Produces<Readiness>(StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task AnswerReadinessAsync(HttpContext http, HealthCheckService checks, Roles roles, LogClock clock, CancellationToken cancel)
    {
        var report = await checks.CheckHealthAsync(cancel);
        http.Response.StatusCode = report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        http.Response.Headers.CacheControl = "no-store";
        await WriteAsync(http, report, roles, ClockReading.Of(clock));
    }

    private static Task WriteAsync(HttpContext http, HealthReport report, Roles roles, ClockReading clock)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("status", report.Status == HealthStatus.Unhealthy ? "not ready" : "ready");
            json.WriteStartArray("roles");
            foreach (var role in RoleNames.Of(roles))
                json.WriteStringValue(role);
            json.WriteEndArray();
            json.WriteStartArray("checks");
            foreach (var (name, entry) in report.Entries)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteString("status", entry.Status.ToString().ToLowerInvariant());
                json.WriteString("detail", entry.Description);
                foreach (var (key, value) in entry.Data)
                {
                    json.WritePropertyName(key);
                    JsonSerializer.Serialize(json, value, value.GetType(), MonitoringJson.Default);
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartObject("clock");
            json.WriteBoolean("simulated", clock.Simulated);
            json.WriteString("now", clock.Now);
            json.WriteNumber("speed", clock.Speed);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return http.Response.Body.WriteAsync(buffer.ToArray(), http.RequestAborted).AsTask();
    }
}

/// <summary>How readiness data is written.</summary>
[System.Text.Json.Serialization.JsonSerializable(typeof(long))]
[System.Text.Json.Serialization.JsonSerializable(typeof(bool))]
[System.Text.Json.Serialization.JsonSerializable(typeof(string))]
[System.Text.Json.Serialization.JsonSerializable(typeof(double))]
internal sealed partial class MonitoringJson : System.Text.Json.Serialization.JsonSerializerContext;
