using Recs.Acceptance.Running;
using Xunit;

namespace Recs.Acceptance.Observing;

/// <summary>A service that tells everything: log lines in JSON, spans to a collector.</summary>
public sealed class ObservedService : IAsyncLifetime
{
    public RecsProgram Recs { get; private set; } = null!;
    public SpanCollector Collector { get; private set; } = null!;
    public RunningService Service { get; private set; } = null!;
    public HttpClient Http => Service.Http;

    public async Task InitializeAsync()
    {
        Recs = await RecsProgram.CreateAsync();
        Collector = await SpanCollector.StartAsync();
        await Recs.MustAsync("import", "--data", World.Folder);
        await Recs.MustAsync("train", "popularity");
        await Recs.MustAsync("models", "promote", "popularity", "--reason", "test");
        Recs.Variables["OTEL_BSP_SCHEDULE_DELAY"] = "100";
        Service = await Recs.ServeAsync("--demo", "on", "--log", "json", "--otlp", Collector.Address);
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await Collector.DisposeAsync();
        await Recs.DisposeAsync();
    }
}

/// <summary>Tests that share the service.</summary>
[CollectionDefinition(Name)]
public sealed class ObservedCollection : ICollectionFixture<ObservedService>
{
    public const string Name = "observed";
}
