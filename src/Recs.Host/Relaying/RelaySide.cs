using Npgsql;
using Recs.EventStore;
using Recs.EventStore.Evolving;
using Recs.EventStore.Following;
using Recs.Host.Configuring;
using Recs.Kafka.Messages;
using Recs.Projections.Relaying;

namespace Recs.Host.Relaying;

/// <summary>Registers the relay in the application of a node.</summary>
internal static class RelaySide
{
    /// <summary>The relay, its health check and its worker.</summary>
    /// <param name="services">The node's services; the store and the encoder are among them.</param>
    /// <param name="kafka">Which cluster and topics.</param>
    public static IServiceCollection AddRelay(this IServiceCollection services, KafkaOptions kafka)
    {
        services.AddSingleton(parts => new Relay(
            parts.GetRequiredService<NpgsqlDataSource>(), parts.GetRequiredService<EventStoreOptions>(), parts.GetRequiredService<EventTypes>(), parts.GetRequiredService<HighWaterMark>(),
            parts.GetRequiredService<IMessageEncoder>(), new() { Kafka = kafka.Cluster, Topics = kafka.Topics, From = kafka.RelayFrom }));
        services.AddHostedService<RelayWorker>().AddHealthChecks().AddCheck<RelayCheck>("relay");
        return services;
    }
}
