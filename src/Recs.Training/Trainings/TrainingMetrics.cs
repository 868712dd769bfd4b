using System.Diagnostics.Metrics;

namespace Recs.Training.Trainings;

/// <summary>What training reports about itself.</summary>
internal static class TrainingMetrics
{
    private static readonly Meter Meter = new("Recs.Training");

    /// <summary>Seconds of each fit, by model.</summary>
    public static readonly Histogram<double> Seconds = Meter.CreateHistogram<double>(
        "recs_training_seconds", "s", "Seconds of a fit.", advice: new() { HistogramBucketBoundaries = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600] });
}
