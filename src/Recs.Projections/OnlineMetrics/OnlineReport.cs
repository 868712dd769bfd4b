using System.Text.Json.Serialization;

namespace Recs.Projections.OnlineMetrics;

/// <summary>How figures are cut in time, by the moment of the slate (UTC).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TimeBucket>))]
public enum TimeBucket
{
    /// <summary>Not at all.</summary>
    [JsonStringEnumMemberName("all")] All,
    /// <summary>Per day.</summary>
    [JsonStringEnumMemberName("day")] Day,
    /// <summary>Per hour.</summary>
    [JsonStringEnumMemberName("hour")] Hour,
}

/// <summary>Which figures are asked for.</summary>
/// <param name="Channel">One channel; channels are never mixed.</param>
/// <param name="Metric">One metric; null for all.</param>
/// <param name="Model">One model or version; null for all.</param>
/// <param name="From">Only hours that begin then or later.</param>
/// <param name="To">Only hours that begin before.</param>
/// <param name="Bucket">How they are cut in time.</param>
public sealed record OnlineQuery(string Channel = "live", string? Metric = null, string? Model = null, DateTimeOffset? From = null, DateTimeOffset? To = null, TimeBucket Bucket = TimeBucket.All)
{
    /// <summary>The channels that there are.</summary>
    public static IReadOnlyList<string> Channels { get; } = ["live", "probe", "tester", "simulated", "shadow", "imported"];
}

/// <summary>A figure of one metric, model version and variant, in one stretch of time.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Model">Model name.</param>
/// <param name="ModelVersion">Version name.</param>
/// <param name="Variant"><c>experiment=variant</c>, joined by commas; <c>none</c> outside of experiments.</param>
/// <param name="Start">When the bucket begins; null if time is not cut.</param>
/// <param name="Numerator">Converted slates or items; the sum of squared errors; the sum of seconds.</param>
/// <param name="Denominator">Slates or items; rated predictions; sessions.</param>
/// <param name="Value">The rate, 0 to 1; the root mean squared error in stars; the mean length in seconds.</param>
/// <param name="Low">Lower end of its 95 % interval; null below two observations of a mean.</param>
/// <param name="High">Upper end.</param>
/// <param name="Slates">Slates served; null where the metric is no share.</param>
/// <param name="ConvertedSlates">Slates with at least one counting movie.</param>
/// <param name="Items">Movies served.</param>
/// <param name="ConvertedItems">Counting movies, each once per slate.</param>
public sealed record OnlineFigure(
    string Metric, string Model, string ModelVersion, string Variant, DateTimeOffset? Start, double Numerator, long Denominator, double Value, double? Low, double? High,
    long? Slates = null, long? ConvertedSlates = null, long? Items = null, long? ConvertedItems = null);

/// <summary>The error of up to 1,000 predicted ratings that were followed by a rating, in the order of the log.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Model">Model name.</param>
/// <param name="ModelVersion">Version name.</param>
/// <param name="Variant">Variant, as in <see cref="OnlineFigure"/>.</param>
/// <param name="Batch">Counts the batches of a model version and variant from 1.</param>
/// <param name="Ratings">1,000; fewer in the last one.</param>
/// <param name="Rmse">Root mean squared error in stars.</param>
/// <param name="FirstSequence">Log position that completed its first pair.</param>
/// <param name="LastSequence">Log position that completed its last pair.</param>
public sealed record OnlineErrorBatch(
    string Metric, string Model, string ModelVersion, string Variant, int Batch, int Ratings, double Rmse, long FirstSequence, long LastSequence);

/// <summary>Online metrics as the read model holds them.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="From">As asked for.</param>
/// <param name="To">As asked for.</param>
/// <param name="Bucket">As asked for.</param>
/// <param name="ThroughSequence">Log position through which everything is counted.</param>
/// <param name="Definitions">What each metric counts, in force for the whole past.</param>
/// <param name="Figures">By metric, model version, variant and time.</param>
/// <param name="ErrorBatches">Newest batches of prediction errors, at most 200, whatever the time asked for.</param>
public sealed record OnlineReport(
    string Channel, DateTimeOffset? From, DateTimeOffset? To, TimeBucket Bucket, long ThroughSequence, IReadOnlyList<MetricDefinition> Definitions,
    IReadOnlyList<OnlineFigure> Figures, IReadOnlyList<OnlineErrorBatch> ErrorBatches);
