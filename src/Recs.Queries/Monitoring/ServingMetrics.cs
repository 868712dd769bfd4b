using System.Diagnostics.Metrics;

namespace Recs.Queries.Monitoring;

/// <summary>What serving reports about itself.</summary>
internal static class ServingMetrics
{
    private static readonly Meter Meter = new("Recs.Queries");

    /// <summary>Answers by status, model and variant.</summary>
    public static readonly Counter<long> Recommendations = Meter.CreateCounter<long>("recs.recommendations", description: "Answers of /recommend.");

    /// <summary>Seconds from a request's arrival to its answer.</summary>
    public static readonly Histogram<double> Seconds = Meter.CreateHistogram<double>(
        "recs.recommendation.seconds", "s", "Seconds from a request's arrival to its answer.",
        advice: new() { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] });

    /// <summary>Slates by what carried them: history or cold-start.</summary>
    public static readonly Counter<long> Personalized = Meter.CreateCounter<long>("recs.personalized", description: "Slates by what carried them.");
}
