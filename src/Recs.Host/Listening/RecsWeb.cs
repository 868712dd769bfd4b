using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.OpenApi;
using Recs.Commands;
using Recs.Commands.Consuming;
using Recs.EventStore.Following;
using Recs.EventStore.Projecting;
using Recs.Host.Composition;
using Recs.Host.Observing;
using Recs.Host.Publishing;
using Recs.Host.Relaying;
using Recs.Host.Securing;
using Recs.Queries;
using Recs.Queries.Provenance;
using Recs.Training;
using Recs.Training.Fitting;

namespace Recs.Host.Listening;

/// <summary>What the web application is built from.</summary>
internal sealed record WebParts(RecsStore Store, HighWaterMark Mark, ProjectionDaemon Daemon, NodeOptions Options);

/// <summary>The HTTP face of the roles that this process runs.</summary>
internal static class RecsWeb
{
    /// <summary>Builds the application; start it with <c>StartAsync</c>.</summary>
    /// <param name="parts">What it stands on. The caller disposes them after the application.</param>
    /// <param name="address">Address to listen on; demo mode must be on loopback.</param>
    /// <param name="port">Port; 0 for any free one.</param>
    /// <exception cref="InvalidOperationException">Demo mode on an address that others can reach.</exception>
    public static WebApplication Build(WebParts parts, IPAddress address, int port)
    {
        if (parts.Options.Serving.Demo && !IPAddress.IsLoopback(address))
            throw new InvalidOperationException($"Demo mode answers writes without a token; it may listen on loopback only, not on {address}.");
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.AddObserving(parts.Options.Observing, parts.Options.Roles, quiet: parts.Options.Serving.Demo && !parts.Options.Observing.JsonLogs);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(address, port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 5 * 1024 * 1024;
        });
        AddServices(builder.Services, parts);

        var app = builder.Build();
        app.UseMiddleware<RequestLog>();
        app.UseExceptionHandler(errors => errors.Run(AnswerErrorAsync));
        app.UseStatusCodePages(status => Results.Problem(statusCode: status.HttpContext.Response.StatusCode).ExecuteAsync(status.HttpContext));
        app.UseSecuring(parts.Options.Serving.Demo);
        app.UseSwaggerUI(ui =>
        {
            ui.SwaggerEndpoint("/openapi/v1.json", "Recs");
            ui.RoutePrefix = "swagger";
            ui.DocumentTitle = "Recs API";
        });
        app.UseRouting();
        app.UseAuthorization();
        app.MapGet("/", () => Results.Redirect("/swagger")).ExcludeFromDescription();
        app.MapOpenApi("/openapi/v1.json");
        app.MapMonitoring(parts.Options.Roles, parts.Store.Clock);
        app.MapPublishedSchemas();
        if (parts.Options.Roles.HasFlag(Roles.Commands))
        {
            app.MapCommandSide();
            app.MapModelDecisions();
        }
        if (parts.Options.Roles.HasFlag(Roles.Queries))
        {
            app.MapQuerySide();
            app.MapModelRegistry();
        }
        AbsentRoles.Map(app, builder.Services, parts.Options.Roles);
        return app;
    }

    private static void AddServices(IServiceCollection services, WebParts parts)
    {
        services.AddSingleton<IHostLifetime, CallersLifetime>();
        services.AddSingleton(parts.Store.Source).AddSingleton(parts.Store.Options).AddSingleton(parts.Store.Types)
            .AddSingleton(parts.Store.Reader).AddSingleton(parts.Store.Appender).AddSingleton(parts.Store.Options.Clock)
            .AddSingleton(parts.Mark).AddSingleton<LogSubscription>()
            .AddSingleton(parts.Daemon).AddSingleton(parts.Store.Artifacts).AddSingleton(parts.Options.Serving).AddSingleton(parts.Options.Training)
            .AddSingleton(CodeRevision.Of(typeof(RecsWeb).Assembly))
            .AddSingleton(ServingBuild.Of(typeof(RecsWeb).Assembly, parts.Options.ImageDigest));
        services.AddMessageFormats(parts.Options.SchemaRegistry);
        if (parts.Options.Roles.HasFlag(Roles.Commands))
            services.AddCommandSide();
        if (parts.Options.Consuming is { } consuming)
            services.AddConsuming(consuming);
        if (parts.Options.Roles.HasFlag(Roles.Queries))
            services.AddQuerySide();
        services.AddModelRegistry();
        if (parts.Options.Roles.HasFlag(Roles.Training))
            services.AddTrainingRole();
        if (parts.Options.Roles.HasFlag(Roles.Relay) && parts.Options.Kafka is { } kafka)
            services.AddRelay(kafka);
        if (parts.Options.Roles.HasFlag(Roles.Projections))
            services.AddHealthChecks().AddCheck<ProjectionsCheck>("projections");
        services.AddSingleton(parts.Store.Clock).AddHealthChecks().AddCheck<ClockCheck>("clock");
        services.AddSecuring(parts.Options.Security, parts.Options.Serving.Demo);
        services.AddProblemDetails();
        services.AddOpenApi(document => document.AddDocumentTransformer((api, _, _) =>
        {
            api.Info = new() { Title = "Recs", Version = typeof(RecsWeb).Assembly.GetName().Version!.ToString(3), Description = "Movie recommendations over an append-only log: every slate says where it comes from and can be computed again." };
            DocumentTags.Order(api);
            return Task.CompletedTask;
        }).AddOperationTransformer((operation, context, _) =>
        {
            foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>())
            {
                Sharpen(parameter);
                DeclaredParameters.Sharpen(parameter, context.Description);
            }
            RequestLog.Describe(operation);
            return Task.CompletedTask;
        }));
    }

    /// <summary>The numbers of the query are read as text so that errors can name them; callers shall see numbers.</summary>
    private static void Sharpen(OpenApiParameter parameter)
    {
        OpenApiSchema? Integer(int least, long? most, int? otherwise) => new()
        {
            Type = JsonSchemaType.Integer,
            Minimum = least.ToString(),
            Maximum = most?.ToString(),
            Default = otherwise is { } value ? JsonValue.Create(value) : null,
        };
        parameter.Schema = parameter.Name switch
        {
            "k" => Integer(1, 100, 20),
            "minSequence" => Integer(0, null, 0),
            "wait" => Integer(0, 30, 2),
            "diversity" => new OpenApiSchema { Type = JsonSchemaType.Number, Minimum = "0", Maximum = "1" },
            "explain" => new OpenApiSchema { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) },
            "happenedBefore" => new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" },
            _ => parameter.Schema,
        };
    }

    private static Task AnswerErrorAsync(HttpContext http)
    {
        RequestLog.Identify(http);
        var error = http.Features.Get<IExceptionHandlerFeature>()?.Error;
        SecurityHeaders.Set(http); // the error cleared them
        return error switch
        {
            BadHttpRequestException bad => Results.Problem(bad.Message, statusCode: bad.StatusCode).ExecuteAsync(http),
            Npgsql.NpgsqlException => Unavailable(http).ExecuteAsync(http),
            _ => Results.Problem("The request failed; the log of the service says why.", statusCode: StatusCodes.Status500InternalServerError).ExecuteAsync(http),
        };
    }

    private static IResult Unavailable(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "1";
        return Results.Problem("The database does not answer; nothing was stored.", statusCode: StatusCodes.Status503ServiceUnavailable);
    }
}
