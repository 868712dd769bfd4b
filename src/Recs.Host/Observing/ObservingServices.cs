using Microsoft.Extensions.Logging.Console;
using Recs.Host.Composition;
using Recs.Queries.Monitoring;

namespace Recs.Host.Observing;

/// <summary>Registers what every process shows about itself, whichever roles it runs.</summary>
internal static class ObservingServices
{
    /// <summary>Health, metrics and log lines.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="options">How.</param>
    /// <param name="roles">Roles of this process.</param>
    /// <param name="quiet">Nothing below a warning is logged, since the lines stand among those of a demo.</param>
    public static void AddObserving(this WebApplicationBuilder builder, ObservingOptions options, Roles roles, bool quiet)
    {
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Warning)
            .AddConsole(console => console.FormatterName = options.JsonLogs ? JsonLines.FormatName : TextLines.FormatName)
            .AddConsoleFormatter<TextLines, ConsoleFormatterOptions>()
            .AddFilter("Recs", quiet ? LogLevel.Warning : LogLevel.Information)
            .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
            .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
            .AddFilter("Microsoft.AspNetCore.Diagnostics.ExceptionHandlerMiddleware", LogLevel.None) // RequestLog has the one line of a failed request
            .AddFilter("Recs.Host.Listening.CallerAuthentication", LogLevel.Warning);
        builder.Services.AddSingleton<ConsoleFormatter>(new JsonLines(TimeProvider.System)); // lines are read beside those of other programs: real time
        builder.Services.AddHealthChecks().AddCheck<DatabaseCheck>("database");
        if (roles.HasFlag(Roles.Projections))
            builder.Services.AddHostedService<RejectedRows>();
        builder.Services.AddSingleton<PrometheusText>().AddSingleton(_ => new ProcessInstruments(roles));
    }
}
