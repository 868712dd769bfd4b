namespace Recs.Kafka.Messages;

/// <summary>Stands where no schema registry is configured: whatever is framed cannot be read.</summary>
public sealed class NoFrameDecoder : IFrameDecoder
{
    private static readonly DecodedInteraction Answer = DecodedInteraction.Undecodable(
        UndecodableReasons.NoSchemaRegistry, "The value is framed as Avro and no schema registry is configured: set schema-registry (RECS_SCHEMA_REGISTRY), or send JSON.");

    /// <inheritdoc/>
    public ValueTask<DecodedInteraction> DecodeAsync(ReadOnlyMemory<byte> value, CancellationToken cancel) => new(Answer);
}
