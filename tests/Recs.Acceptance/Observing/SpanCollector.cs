using System.Text;

namespace Recs.Acceptance.Observing;

/// <summary>A span as it came over the wire; ids in hexadecimal digits.</summary>
public sealed record CollectedSpan(string TraceId, string SpanId, string ParentId, string Name, IReadOnlyList<string> LinkedTraces);

/// <summary>A stand-in for an OpenTelemetry collector: real HTTP, protobuf as the OTLP specification numbers its fields.</summary>
public sealed class SpanCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<CollectedSpan> _spans = [];

    private SpanCollector(WebApplication app) => _app = app;

    /// <summary>Where it listens.</summary>
    public string Address => _app.Urls.First();

    /// <summary>What came so far.</summary>
    public IReadOnlyList<CollectedSpan> Spans
    {
        get
        {
            lock (_spans)
                return [.. _spans];
        }
    }

    public static async Task<SpanCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new SpanCollector(builder.Build());
        collector._app.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            collector.Take(body.ToArray());
            return Results.Bytes([], "application/x-protobuf");
        });
        await collector._app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>ExportTraceServiceRequest: resource_spans = 1; ResourceSpans: scope_spans = 2; ScopeSpans: spans = 2; Span: see below; Link: trace_id = 1.</summary>
    private void Take(byte[] request)
    {
        foreach (var resource in new ProtobufFields(request).All(1))
            foreach (var scope in new ProtobufFields(resource).All(2))
                foreach (var span in new ProtobufFields(scope).All(2))
                {
                    var fields = new ProtobufFields(span);
                    var links = fields.All(13).Select(link => Hex(new ProtobufFields(link).One(1))).ToList();
                    lock (_spans)
                        _spans.Add(new(Hex(fields.One(1)), Hex(fields.One(2)), Hex(fields.One(4)), Encoding.UTF8.GetString(fields.One(5)), links));
                }
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
