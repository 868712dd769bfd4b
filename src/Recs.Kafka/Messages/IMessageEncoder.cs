using Recs.Contracts.Topics;

namespace Recs.Kafka.Messages;

/// <summary>Writes outgoing messages as the bytes of a Kafka value. Safe for any number of threads.</summary>
public interface IMessageEncoder
{
    /// <summary>Makes sure that messages can be encoded: nothing to do for JSON; for Avro, the schemas are registered. Once it has completed it does nothing more.</summary>
    /// <exception cref="SchemaRefusedException">The registry does not take a schema; the message has the registry's words. Trying again does not help.</exception>
    /// <exception cref="SchemaRegistryUnavailableException">The registry does not answer; trying again later may help.</exception>
    Task ReadyAsync(CancellationToken cancel);

    /// <summary>Value for <see cref="TopicNames.RecoRequests"/>. Only after <see cref="ReadyAsync"/>.</summary>
    byte[] Encode(RecoRequestMessage message);

    /// <summary>Value for <see cref="TopicNames.RecoResponses"/>. Only after <see cref="ReadyAsync"/>.</summary>
    byte[] Encode(RecoResponseMessage message);

    /// <summary>Value for <see cref="TopicNames.UserInteractions"/>. Only after <see cref="ReadyAsync"/>.</summary>
    byte[] Encode(UserInteractionMessage message);

    /// <summary>Value for <see cref="TopicNames.ModelMetrics"/>. Only after <see cref="ReadyAsync"/>.</summary>
    byte[] Encode(ModelMetricMessage message);

    /// <summary>Value for <see cref="TopicNames.AbTestEvents"/>. Only after <see cref="ReadyAsync"/>.</summary>
    byte[] Encode(AbTestMessage message);
}

/// <summary>The schema registry does not take a schema: it is not compatible with the subject's earlier ones, not valid, or the credentials are wrong.</summary>
public sealed class SchemaRefusedException : Exception
{
    /// <summary>With a message for a person.</summary>
    public SchemaRefusedException(string message, Exception? inner = null) : base(message, inner) { }
}
