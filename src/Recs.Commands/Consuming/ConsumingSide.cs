using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Recs.EventStore;
using Recs.Kafka.Messages;

namespace Recs.Commands.Consuming;

/// <summary>Topics as a source of events, beside HTTP and files.</summary>
public static class ConsumingSide
{
    /// <summary>Consumes the topics from the start of the application to its end, over what <see cref="CommandSide"/> registers.</summary>
    public static IServiceCollection AddConsuming(this IServiceCollection services, ConsumingOptions options)
    {
        services.AddSingleton(options).AddSingleton<ValueReaders>().AddSingleton<ConsumingInstruments>().AddSingleton<RefusedMessages>().AddSingleton<StoreMessages>()
            .AddSingleton(all => new KafkaOffsets(all.GetRequiredService<NpgsqlDataSource>(), all.GetRequiredService<EventStoreOptions>(), options.Group))
            .AddSingleton<TopicConsumer>().AddHostedService(all => all.GetRequiredService<TopicConsumer>());
        services.TryAddSingleton<IMessageDecoder, NoMessageDecoder>(); // unless the host has registered one that knows a schema registry
        services.AddHealthChecks().AddCheck<ConsumingCheck>("kafka-consumer");
        return services;
    }
}

/// <summary>Topics are read and stored. It is never unhealthy: without Kafka the service does everything else that it does.</summary>
internal sealed class ConsumingCheck(TopicConsumer consumer) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var lanes = consumer.Lanes.ToList();
        var data = new Dictionary<string, object> { ["partitions"] = (long)lanes.Count, ["lag"] = lanes.Sum(lane => lane.Lag ?? 0) };
        if (lanes.Count == 0) data.Remove("lag"); // nobody here knows
        return Task.FromResult(consumer.Troubles.ToList() is { Count: > 0 } troubles
            ? HealthCheckResult.Degraded(string.Join("; ", troubles) + ".", data: data)
            : HealthCheckResult.Healthy(lanes.Count == 0 ? "has no partition: other processes of the group have them, or the group still waits for one that died." : $"{lanes.Count} partitions are consumed.", data));
    }
}
