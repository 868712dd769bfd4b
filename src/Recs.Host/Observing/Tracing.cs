using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Recs.EventStore.Telemetry;
using Recs.Queries.Monitoring;

namespace Recs.Host.Observing;

/// <summary>
/// Sends spans to an OTLP collector: requests, scoring, appends, commits and projection batches. The standard's variables hold (protocol, headers, sampler, service
/// name); HTTP with protobuf is the protocol unless they say otherwise.
/// </summary>
internal static class Tracing
{
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL", NameVariable = "OTEL_SERVICE_NAME";

    /// <summary>Starts to send; null, and no span is ever made, if no collector is named. Disposing sends what is left.</summary>
    public static TracerProvider? Start(ObservingOptions options)
    {
        if (options.SpansTo is null)
            return null;
        return Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource =>
            {
                if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(NameVariable)))
                    resource.AddService("recs", serviceInstanceId: $"{Environment.MachineName}:{Environment.ProcessId}");
            })
            .AddSource("Microsoft.AspNetCore", EventStoreTelemetry.Name, ServingSpans.Name)
            .AddOtlpExporter(exporter =>
            {
                if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(ProtocolVariable)))
                    exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                if (options.Otlp is { } collector)
                    exporter.Endpoint = collector;
            })
            .Build();
    }
}
