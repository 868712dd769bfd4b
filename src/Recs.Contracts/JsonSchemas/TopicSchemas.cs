using Recs.Contracts.Avro;

namespace Recs.Contracts.JsonSchemas;

/// <summary>Which way messages go.</summary>
public enum TopicDirection
{
    /// <summary>Others write, Recs reads.</summary>
    In,
    /// <summary>Recs writes, others read.</summary>
    Out,
}

/// <summary>What the values of a topic look like.</summary>
/// <param name="Topic">Name without the prefix, such as <c>user_interactions</c>.</param>
/// <param name="Direction">Which way messages go.</param>
/// <param name="Key">Field that is the message's key.</param>
/// <param name="Avro">What they are as Avro. What comes in may have any schema that can be read as that.</param>
/// <param name="JsonSchema">JSON Schema, draft 2020-12, of a value that is JSON.</param>
public sealed record TopicSchema(string Topic, TopicDirection Direction, string Key, AvroSubject Avro, string JsonSchema);

/// <summary>The schemas of all topics that have one: not of raw movielog lines, which are no JSON, and not of dead letters, which are what came, whatever it was.</summary>
public static class TopicSchemas
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<TopicSchema> All =
    [
        Of("watch", TopicDirection.In, "user_id", AvroSubjects.UserInteractions),
        Of("rate", TopicDirection.In, "user_id", AvroSubjects.UserInteractions),
        Of("reco_requests", TopicDirection.Out, "user_id", AvroSubjects.RecommendationRequests),
        Of("reco_responses", TopicDirection.Out, "user_id", AvroSubjects.RecommendationResponses),
        Of("user_interactions", TopicDirection.Out, "user_id", AvroSubjects.UserInteractions),
        Of("model_metrics", TopicDirection.Out, "model", AvroSubjects.ModelMetrics),
        Of("ab_test_events", TopicDirection.Out, "experiment", AvroSubjects.AbTestEvents),
    ];

    /// <summary>That of one topic, named without the prefix; null for none.</summary>
    public static TopicSchema? Find(string topic) => All.FirstOrDefault(schema => schema.Topic == topic);

    private static TopicSchema Of(string topic, TopicDirection direction, string key, AvroSubject avro)
        => new(topic, direction, key, avro, EmbeddedText.Read($"json-schemas/{topic}.schema.json"));
}
