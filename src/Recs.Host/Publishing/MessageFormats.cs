using Recs.Host.CommandLine;
using Recs.Host.Configuring;
using Recs.Kafka.Avro;
using Recs.Kafka.Messages;
using Recs.Kafka.SchemaRegistry;

namespace Recs.Host.Publishing;

/// <summary>Whether the values of topics are JSON alone, or Avro with schemas of a registry.</summary>
internal static class MessageFormats
{
    private static readonly TimeSpan RegistryPatience = TimeSpan.FromSeconds(3);

    /// <summary>The registry that the settings name; null for none.</summary>
    /// <exception cref="UsageException">What they name is no address.</exception>
    public static SchemaRegistryAddress? Registry(Settings settings)
    {
        if (settings[Setting.SchemaRegistry] is not { Length: > 0 } url)
            return null;
        try
        {
            return SchemaRegistryAddress.Parse(url);
        }
        catch (FormatException e)
        {
            throw new UsageException($"'{Setting.SchemaRegistry.Name}' is no address of a schema registry: {e.Message}", e); // without the value, which may hold a password
        }
    }

    /// <summary>Adds the encoder and the decoder.</summary>
    /// <param name="services">Services of a node.</param>
    /// <param name="address">The registry; null for JSON.</param>
    public static IServiceCollection AddMessageFormats(this IServiceCollection services, SchemaRegistryAddress? address)
    {
        if (address is null)
            return services.AddSingleton<IMessageEncoder, JsonMessageEncoder>().AddSingleton<IFrameDecoder, NoFrameDecoder>();
        var clock = TimeProvider.System; // the registry does not live in the service's simulated time
        return services
            .AddSingleton(_ => new SchemaRegistryClient(address, new(), clock))
            .AddSingleton<IMessageEncoder>(at => new AvroMessageEncoder(at.GetRequiredService<SchemaRegistryClient>()))
            .AddSingleton<IFrameDecoder>(at => new AvroFrameDecoder(at.GetRequiredService<SchemaRegistryClient>(), clock));
    }

    /// <summary>Registers the schemas before anything is published, if the registry answers soon; if not, whoever publishes does it, and waits for the registry.</summary>
    /// <exception cref="SchemaRefusedException">The registry does not take a schema.</exception>
    public static async Task RegisterSchemasAsync(this IMessageEncoder encoder, CancellationToken cancel)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        soon.CancelAfter(RegistryPatience);
        try
        {
            await encoder.ReadyAsync(soon.Token);
        }
        catch (Exception e) when (e is SchemaRegistryUnavailableException || (e is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            // It may come back at any time, and slates do not depend on it; readiness tells what waits for it.
        }
    }
}
