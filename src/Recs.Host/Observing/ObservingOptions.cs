using Recs.Host.CommandLine;
using Recs.Host.Configuring;

namespace Recs.Host.Observing;

/// <summary>How a process shows what it does.</summary>
/// <param name="JsonLogs">Log lines are JSON objects, one per line, instead of text.</param>
/// <param name="Otlp">Collector that spans go to; null for what <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says, and nothing without it.</param>
internal sealed record ObservingOptions(bool JsonLogs = false, Uri? Otlp = null)
{
    private static readonly string[] Variables = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

    /// <summary>Reads <c>--log</c> and <c>--otlp</c>.</summary>
    /// <exception cref="UsageException">One of them is not what it must be.</exception>
    public static ObservingOptions Of(Settings settings) => new(settings.OneOf(Setting.Log, "text", "json") == "json", Collector(settings[Setting.Otlp]));

    /// <summary>Where spans go, for people; null for nowhere.</summary>
    public string? SpansTo => Otlp?.ToString() ?? Variables.Select(Environment.GetEnvironmentVariable).FirstOrDefault(value => !string.IsNullOrEmpty(value));

    private static Uri? Collector(string otlp)
    {
        if (otlp.Length == 0)
            return null;
        if (!Uri.TryCreate(otlp, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new UsageException($"--otlp '{otlp}' is not an http:// or https:// address, such as http://localhost:4318.");
        return uri.AbsolutePath == "/" ? new(uri, "/v1/traces") : uri; // an address alone is a collector's, as in the standard's own variable
    }
}
