using System.Text.Json;
using Recs.Contracts.Topics;

namespace Recs.Kafka.Messages;

/// <summary>Writes messages as UTF-8 JSON, as <see cref="TopicJson"/> says.</summary>
public sealed class JsonMessageEncoder : IMessageEncoder
{
    /// <inheritdoc/>
    public Task ReadyAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <inheritdoc/>
    public byte[] Encode(RecoRequestMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, TopicJson.Default.RecoRequestMessage);

    /// <inheritdoc/>
    public byte[] Encode(RecoResponseMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, TopicJson.Default.RecoResponseMessage);

    /// <inheritdoc/>
    public byte[] Encode(UserInteractionMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, TopicJson.Default.UserInteractionMessage);

    /// <inheritdoc/>
    public byte[] Encode(ModelMetricMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, TopicJson.Default.ModelMetricMessage);

    /// <inheritdoc/>
    public byte[] Encode(AbTestMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, TopicJson.Default.AbTestMessage);
}

/// <summary>Stands where no schema registry is configured: whatever is framed cannot be read.</summary>
public sealed class NoMessageDecoder : IMessageDecoder
{
    private static readonly DecodedInteraction Answer = DecodedInteraction.Undecodable(
        UndecodableReasons.NoSchemaRegistry, "The value is framed as Avro and no schema registry is configured: set schema-registry (RECS_SCHEMA_REGISTRY), or send JSON.");

    /// <inheritdoc/>
    public ValueTask<DecodedInteraction> DecodeAsync(ReadOnlyMemory<byte> value, CancellationToken cancel) => new(Answer);
}
