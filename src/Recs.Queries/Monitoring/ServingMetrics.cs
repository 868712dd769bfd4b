using System.Diagnostics.Metrics;

namespace Recs.Queries.Monitoring;

/// <summary>What serving reports about itself. Nothing here allocates: it runs for every request.</summary>
internal static class ServingMetrics
{
    private static readonly Meter Meter = new("Recs.Queries");
    private static readonly object[] Statuses = [.. Enumerable.Range(0, 600).Select(status => (object)status)];

    private static readonly Counter<long> Recommendations = Meter.CreateCounter<long>("recs_recommendations_total", description: "Answers of /recommend, by status, model and variant.");

    private static readonly Histogram<double> Seconds = Meter.CreateHistogram<double>(
        "recs_recommendation_seconds", "s", "From the arrival of a request for a slate to its answer.",
        advice: new() { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] });

    private static readonly Counter<long> Personalized = Meter.CreateCounter<long>("recs_personalized_total", description: "Slates by what carried them: the history, or a fallback.");

    /// <summary>A request for a slate was answered.</summary>
    /// <param name="status">HTTP status, below 600.</param>
    /// <param name="model">Name of the model that answered, or <c>none</c>.</param>
    /// <param name="variant">Variant of the experiment, or <c>none</c>.</param>
    /// <param name="seconds">From arrival to answer.</param>
    public static void Answered(int status, string model, string variant, double seconds)
    {
        Recommendations.Add(1, new("status", Statuses[status]), new("model", model), new("variant", variant));
        Seconds.Record(seconds);
    }

    /// <summary>A slate was served.</summary>
    /// <param name="by">What carried it: <c>history</c>, or the fallback.</param>
    public static void Served(string by) => Personalized.Add(1, new KeyValuePair<string, object?>("type", by));
}
