using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
        services.AddSingleton(options).AddSingleton<ValueReaders>().AddSingleton<ConsumingInstruments>().AddSingleton<RefusedMessages>().AddSingleton<NamedMovies>().AddSingleton<StoreMessages>()
            .AddSingleton(all => new KafkaOffsets(all.GetRequiredService<NpgsqlDataSource>(), all.GetRequiredService<EventStoreOptions>(), options.Group))
            .AddSingleton<TopicConsumer>().AddHostedService(all => all.GetRequiredService<TopicConsumer>());
        services.TryAddSingleton<IFrameDecoder, NoFrameDecoder>(); // unless the host has registered one that knows a schema registry
        services.AddHealthChecks().AddCheck<ConsumingCheck>("kafka-consumer");
        return services;
    }
}
