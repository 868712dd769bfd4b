using Recs.Acceptance.Running;
using Recs.Contracts.Topics;
using Recs.Testing;
using Xunit;

namespace Recs.Acceptance.Observing;

/// <summary>A service that tells everything: log lines in JSON, spans to a collector, the log to Kafka.</summary>
public sealed class ObservedService : IAsyncLifetime
{
    public RecsProgram Recs { get; private set; } = null!;
    private MockBroker _broker = null!;

    public SpanCollector Collector { get; private set; } = null!;
    public RunningService Service { get; private set; } = null!;
    public HttpClient Http => Service.Http;

    public async Task InitializeAsync()
    {
        Recs = await RecsProgram.PreparedAsync("popularity");
        Collector = await SpanCollector.StartAsync();
        _broker = StartBroker();
        Recs.Variables["OTEL_BSP_SCHEDULE_DELAY"] = "100";
        Service = await Recs.ServeAsync("--demo", "on", "--log", "json", "--otlp", Collector.Address, "--kafka", _broker.Bootstrap);
    }

    private static MockBroker StartBroker()
    {
        var topics = new TopicNames(TopicNames.DefaultPrefix);
        return new[] { topics.Watch, topics.Rate, topics.Movielog, topics.RecoRequests, topics.RecoResponses, topics.UserInteractions, topics.ModelMetrics, topics.AbTestEvents, topics.DeadLetter }
            .Aggregate(new MockBroker(), (broker, topic) => broker.WithTopic(topic));
    }

    public async Task DisposeAsync()
    {
        await Service.DisposeAsync();
        await Collector.DisposeAsync();
        await Recs.DisposeAsync();
        _broker.Dispose();
    }
}

/// <summary>Tests that share the service.</summary>
[CollectionDefinition(Name)]
public sealed class ObservedCollection : ICollectionFixture<ObservedService>
{
    public const string Name = "observed";
}
