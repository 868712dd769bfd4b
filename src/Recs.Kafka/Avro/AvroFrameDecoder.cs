using Recs.Kafka.Messages;
using Recs.Kafka.SchemaRegistry;

namespace Recs.Kafka.Avro;

/// <summary>Reads interactions that anybody wrote as Avro in the Confluent frame, with whatever schema that can be read as <c>user-interactions-value</c>.</summary>
/// <param name="registry">Knows the writers' schemas.</param>
/// <param name="clock">Measures for how long an unknown schema is not asked for again.</param>
public sealed class AvroFrameDecoder(SchemaRegistryClient registry, TimeProvider clock) : IFrameDecoder
{
    private const int LongestDetail = 500;
    private readonly WriterSchemas schemas = new(registry, clock);

    /// <inheritdoc/>
    public ValueTask<DecodedInteraction> DecodeAsync(ReadOnlyMemory<byte> value, CancellationToken cancel)
    {
        if (!ConfluentFrame.TryRead(value.Span, out var id))
            return new(Undecodable(UndecodableReasons.BadAvro, $"A frame is a zero byte and a schema's id in four bytes; the value has {value.Length} bytes."));
        return schemas.TryGet(id, out var schema) ? new(Read(schema, value.Span)) : FetchAsync(id, value, cancel);
    }

    private async ValueTask<DecodedInteraction> FetchAsync(int id, ReadOnlyMemory<byte> value, CancellationToken cancel)
        => Read(await schemas.FetchAsync(id, cancel), value.Span);

    private static DecodedInteraction Read(WriterSchema schema, ReadOnlySpan<byte> value)
    {
        if (schema.Plan is null)
            return Undecodable(schema.Reason!, schema.Detail!);
        try
        {
            return DecodedInteraction.Of(MessageRecords.Interaction((object?[])schema.Plan.ReadAll(value[ConfluentFrame.Length..])!));
        }
        catch (AvroFormatException e)
        {
            return Undecodable(UndecodableReasons.BadAvro, $"Not a value of schema {schema.Id}: {e.Message}");
        }
    }

    /// <summary>A foreign schema's names may be long, and the detail becomes a header.</summary>
    private static DecodedInteraction Undecodable(string reason, string detail)
        => DecodedInteraction.Undecodable(reason, detail.Length <= LongestDetail ? detail : detail[..LongestDetail] + " ...");
}
