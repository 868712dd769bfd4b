using System.Buffers;
using Recs.Contracts.Avro;
using Recs.Contracts.Topics;
using Recs.Kafka.Messages;
using Recs.Kafka.SchemaRegistry;

namespace Recs.Kafka.Avro;

/// <summary>Writes messages as Avro in the Confluent frame, each under the id that the registry gave its schema.</summary>
/// <param name="registry">Where the schemas are registered.</param>
public sealed class AvroMessageEncoder(SchemaRegistryClient registry) : IMessageEncoder
{
    private const int TypicalLength = 256;
    private volatile SchemaIds? ids;

    /// <inheritdoc/>
    public async Task ReadyAsync(CancellationToken cancel) => ids ??= await RegisterAsync(cancel);

    /// <inheritdoc/>
    public byte[] Encode(RecoRequestMessage message)
    {
        var bytes = Framed(Ids.Requests);
        MessageRecords.Write(message, new(bytes));
        return bytes.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public byte[] Encode(RecoResponseMessage message)
    {
        var bytes = Framed(Ids.Responses);
        MessageRecords.Write(message, new(bytes));
        return bytes.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public byte[] Encode(UserInteractionMessage message)
    {
        var bytes = Framed(Ids.Interactions);
        MessageRecords.Write(message, new(bytes));
        return bytes.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public byte[] Encode(ModelMetricMessage message)
    {
        var bytes = Framed(Ids.Metrics);
        MessageRecords.Write(message, new(bytes));
        return bytes.WrittenSpan.ToArray();
    }

    /// <inheritdoc/>
    public byte[] Encode(AbTestMessage message)
    {
        var bytes = Framed(Ids.AbTests);
        MessageRecords.Write(message, new(bytes));
        return bytes.WrittenSpan.ToArray();
    }

    private SchemaIds Ids => ids ?? throw new InvalidOperationException("The schemas are not registered yet: wait for ReadyAsync before the first message.");

    /// <summary>All are checked before the first is registered: a registry that refuses one gets none.</summary>
    private async Task<SchemaIds> RegisterAsync(CancellationToken cancel)
    {
        foreach (var subject in AvroSubjects.All)
            await registry.RequireCompatibleAsync(subject, cancel);
        return new(
            await registry.RegisterAsync(AvroSubjects.RecommendationRequests, cancel), await registry.RegisterAsync(AvroSubjects.RecommendationResponses, cancel),
            await registry.RegisterAsync(AvroSubjects.UserInteractions, cancel), await registry.RegisterAsync(AvroSubjects.ModelMetrics, cancel),
            await registry.RegisterAsync(AvroSubjects.AbTestEvents, cancel));
    }

    private static ArrayBufferWriter<byte> Framed(int id)
    {
        var bytes = new ArrayBufferWriter<byte>(TypicalLength);
        ConfluentFrame.Write(bytes, id);
        return bytes;
    }

    private sealed record SchemaIds(int Requests, int Responses, int Interactions, int Metrics, int AbTests);
}
