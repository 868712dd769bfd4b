using Recs.Contracts.Topics;
using Recs.Kafka.Messages;

namespace Recs.Kafka.Avro;

/// <summary>Messages as the records of <see cref="Contracts.Avro.AvroSubjects"/>: what is written here is in the order of the fields there.</summary>
internal static class MessageRecords
{
    /// <summary>A value of <c>recommendation-requests-value</c>.</summary>
    public static void Write(RecoRequestMessage message, AvroWriter avro)
    {
        avro.Long(message.Timestamp);
        avro.String(message.UserId);
        avro.String(message.RequestId);
        avro.Optional(message.K);
        avro.Optional(message.Model);
    }

    /// <summary>A value of <c>recommendation-responses-value</c>.</summary>
    public static void Write(RecoResponseMessage message, AvroWriter avro)
    {
        avro.Long(message.Timestamp);
        avro.String(message.UserId);
        avro.String(message.RequestId);
        avro.Long(message.Status);
        avro.Optional(message.LatencyMs);
        avro.Strings(message.MovieIds);
        avro.Optional(message.ModelVersion);
        avro.Boolean(message.IsPersonalized);
    }

    /// <summary>A value of <c>user-interactions-value</c>.</summary>
    public static void Write(UserInteractionMessage message, AvroWriter avro)
    {
        avro.Long(message.Timestamp);
        avro.String(message.UserId);
        avro.String(message.MovieId);
        avro.String(message.Kind);
        avro.Optional(message.Minute);
        avro.Optional(message.Rating);
        avro.Optional((long?)message.Sequence);
    }

    /// <summary>A value of <c>model-metrics-value</c>.</summary>
    public static void Write(ModelMetricMessage message, AvroWriter avro)
    {
        avro.Long(message.Timestamp);
        avro.String(message.Model);
        avro.String(message.ModelVersion);
        avro.String(message.Protocol);
        avro.String(message.Metric);
        avro.Optional(message.K);
        avro.Double(message.Value);
    }

    /// <summary>A value of <c>ab-test-events-value</c>.</summary>
    public static void Write(AbTestMessage message, AvroWriter avro)
    {
        avro.Long(message.Timestamp);
        avro.String(message.Experiment);
        avro.String(message.Kind);
        avro.Optional(message.Variant);
        avro.Optional(message.UserId);
        avro.Optional(message.RequestId);
    }

    /// <summary>The interaction in the fields of a record that was read as <c>user-interactions-value</c>.</summary>
    public static IncomingInteraction Interaction(object?[] fields)
        => new((long)fields[0]!, (string)fields[1]!, (string)fields[2]!, (string)fields[3]!, (int?)fields[4], (double?)fields[5]);
}
