using System.Text.Json.Serialization;

namespace Recs.Contracts.Topics;

/// <summary>Somebody asked for a slate. Keyed by user.</summary>
/// <param name="Timestamp">Milliseconds since 1970.</param>
/// <param name="UserId">Who asked.</param>
/// <param name="RequestId">Unique id of the answer.</param>
/// <param name="K">How many movies were asked for.</param>
/// <param name="Model">Name of the model that answered; null where none did.</param>
public sealed record RecoRequestMessage(long Timestamp, string UserId, string RequestId, int? K, string? Model);

/// <summary>What was answered. Keyed by user.</summary>
/// <param name="Timestamp">Milliseconds since 1970.</param>
/// <param name="UserId">Who asked.</param>
/// <param name="RequestId">Unique id of the answer.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="LatencyMs">Milliseconds from the request's arrival to the finished slate; null where there is none.</param>
/// <param name="MovieIds">Movies, best first; empty for a failed request.</param>
/// <param name="ModelVersion">Version of the model that answered; null where none did.</param>
/// <param name="IsPersonalized">Whether the user's history carried the slate.</param>
public sealed record RecoResponseMessage(
    long Timestamp, string UserId, string RequestId, int Status, double? LatencyMs, IReadOnlyList<string> MovieIds, string? ModelVersion, bool IsPersonalized);

/// <summary>Something that a person did. Keyed by user.</summary>
/// <param name="Timestamp">Milliseconds since 1970.</param>
/// <param name="UserId">Who.</param>
/// <param name="MovieId">With which movie.</param>
/// <param name="Kind">One of <see cref="InteractionKinds"/>.</param>
/// <param name="Minute">Minute of the movie, of a watch.</param>
/// <param name="Rating">0.5 to 5 stars, of a rating.</param>
/// <param name="Sequence">Position in the log.</param>
public sealed record UserInteractionMessage(long Timestamp, string UserId, string MovieId, string Kind, int? Minute, double? Rating, long Sequence);

/// <summary>Kinds of <see cref="UserInteractionMessage"/>.</summary>
public static class InteractionKinds
{
    /// <summary>A minute was watched.</summary>
    public const string Watch = "watch";
    /// <summary>A rating was given.</summary>
    public const string Rate = "rate";
    /// <summary>A movie was opened.</summary>
    public const string Open = "open";
}

/// <summary>A model's figure. Keyed by model.</summary>
/// <param name="Timestamp">Milliseconds since 1970.</param>
/// <param name="Model">Model name.</param>
/// <param name="ModelVersion">Version name.</param>
/// <param name="Protocol">How it was judged.</param>
/// <param name="Metric">Such as <c>ndcg</c>.</param>
/// <param name="K">Length of the lists, where the metric has one.</param>
/// <param name="Value">The figure.</param>
public sealed record ModelMetricMessage(long Timestamp, string Model, string ModelVersion, string Protocol, string Metric, int? K, double Value);

/// <summary>What happened in an experiment. Keyed by experiment.</summary>
/// <param name="Timestamp">Milliseconds since 1970.</param>
/// <param name="Experiment">Experiment id.</param>
/// <param name="Kind">started, changed, stopped or exposed.</param>
/// <param name="Variant">Variant, of an exposure.</param>
/// <param name="UserId">Who was exposed.</param>
/// <param name="RequestId">The slate that was the exposure.</param>
public sealed record AbTestMessage(long Timestamp, string Experiment, string Kind, string? Variant, string? UserId, string? RequestId);

/// <summary>How messages are written as JSON: snake case, absent fields left out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RecoRequestMessage))]
[JsonSerializable(typeof(RecoResponseMessage))]
[JsonSerializable(typeof(UserInteractionMessage))]
[JsonSerializable(typeof(ModelMetricMessage))]
[JsonSerializable(typeof(AbTestMessage))]
public sealed partial class TopicJson : JsonSerializerContext;
