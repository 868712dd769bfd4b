using System.Text.Json.Serialization;
using Recs.Projections.OnlineMetrics;

namespace Recs.Host.OnlineReporting;

/// <summary>The report on watch-through, in the fields under which it is published.</summary>
internal sealed record WatchThroughReport
{
    /// <summary>What is measured: <c>watch_through_rate</c>.</summary>
    [JsonPropertyName("metric")]
    public string Metric { get; } = "watch_through_rate";
    /// <summary>The log file, or the database.</summary>
    [JsonPropertyName("log_file_processed")]
    public required string LogFileProcessed { get; init; }
    /// <summary>Lines that are not blank; of a database, the position through which its log was counted.</summary>
    [JsonPropertyName("total_log_lines")]
    public required long TotalLogLines { get; init; }
    /// <summary>How long after a slate a watch counts.</summary>
    [JsonPropertyName("attribution_window_hours")]
    public required double AttributionWindowHours { get; init; }
    /// <summary>Slates, each once.</summary>
    [JsonPropertyName("total_recommendation_events")]
    public required long TotalRecommendationEvents { get; init; }
    /// <summary>Slates of which at least one movie was watched within the window.</summary>
    [JsonPropertyName("converted_recommendation_events")]
    public required long ConvertedRecommendationEvents { get; init; }
    /// <summary>Their share, 0 to 1; null without a slate.</summary>
    [JsonPropertyName("watch_through_rate")]
    public required double? WatchThroughRate { get; init; }
    /// <summary>When this was computed.</summary>
    [JsonPropertyName("calculation_timestamp")]
    public required DateTimeOffset CalculationTimestamp { get; init; }
    /// <summary>Channel of the slates.</summary>
    [JsonPropertyName("channel")]
    public required string Channel { get; init; }
    /// <summary>What was met in the lines of a file; null for a database.</summary>
    [JsonPropertyName("lines")]
    public LogLineCounts? Lines { get; init; }

    /// <summary>The report on counts, wherever they come from.</summary>
    /// <param name="log">The log file, or the database.</param>
    /// <param name="lines">Its lines, or the position through which it was counted.</param>
    /// <param name="window">How long after a slate a watch counts.</param>
    /// <param name="counts">What became of the slates.</param>
    /// <param name="now">The present.</param>
    /// <param name="channel">Channel of the slates.</param>
    public static WatchThroughReport Of(string log, long lines, TimeSpan window, WatchThroughCounts counts, DateTimeOffset now, string channel) => new()
    {
        LogFileProcessed = log,
        TotalLogLines = lines,
        AttributionWindowHours = window.TotalHours,
        TotalRecommendationEvents = counts.Slates,
        ConvertedRecommendationEvents = counts.Converted,
        WatchThroughRate = counts.Rate,
        CalculationTimestamp = now,
        Channel = channel,
    };
}

/// <summary>What was met in the lines of a log.</summary>
internal sealed record LogLineCounts
{
    /// <summary>Lines that are no record, failed requests apart.</summary>
    [JsonPropertyName("rejected")]
    public required long Rejected { get; init; }
    /// <summary>Requests that got no slate.</summary>
    [JsonPropertyName("failed_requests")]
    public required long FailedRequests { get; init; }
    /// <summary>Slates that were told a second time, and are not counted again.</summary>
    [JsonPropertyName("repeated_recommendations")]
    public required long RepeatedRecommendations { get; init; }
    /// <summary>Records that came more than the window after a later one: the join may miss a partner of theirs.</summary>
    [JsonPropertyName("late")]
    public required long Late { get; init; }
}
