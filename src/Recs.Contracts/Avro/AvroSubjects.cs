namespace Recs.Contracts.Avro;

/// <summary>A subject of the schema registry and the schema of its values.</summary>
/// <param name="Name">Such as <c>user-interactions-value</c>; the file of the schema bears the same name.</param>
/// <param name="Schema">Avro schema as JSON, as the file has it.</param>
public sealed record AvroSubject(string Name, string Schema);

/// <summary>The subjects of the outgoing topics. Schemas only ever change so that older ones can still be read: new fields have defaults, and none changes its type.</summary>
public static class AvroSubjects
{
    /// <summary>Values of <see cref="Topics.TopicNames.UserInteractions"/>, and what others may write to <see cref="Topics.TopicNames.Watch"/> and <see cref="Topics.TopicNames.Rate"/>.</summary>
    public static readonly AvroSubject UserInteractions = Embedded("user-interactions-value");
    /// <summary>Values of <see cref="Topics.TopicNames.RecoRequests"/>.</summary>
    public static readonly AvroSubject RecommendationRequests = Embedded("recommendation-requests-value");
    /// <summary>Values of <see cref="Topics.TopicNames.RecoResponses"/>.</summary>
    public static readonly AvroSubject RecommendationResponses = Embedded("recommendation-responses-value");
    /// <summary>Values of <see cref="Topics.TopicNames.ModelMetrics"/>.</summary>
    public static readonly AvroSubject ModelMetrics = Embedded("model-metrics-value");
    /// <summary>Values of <see cref="Topics.TopicNames.AbTestEvents"/>.</summary>
    public static readonly AvroSubject AbTestEvents = Embedded("ab-test-events-value");

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<AvroSubject> All = [UserInteractions, RecommendationRequests, RecommendationResponses, ModelMetrics, AbTestEvents];

    private static AvroSubject Embedded(string name) => new(name, EmbeddedText.Read($"avro/{name}.avsc"));
}
