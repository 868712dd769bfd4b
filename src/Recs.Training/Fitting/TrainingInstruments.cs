using System.Diagnostics.Metrics;

namespace Recs.Training.Fitting;

/// <summary>What training reports about itself.</summary>
internal static class TrainingInstruments
{
    private static readonly Meter Meter = new("Recs.Training");

    /// <summary>Seconds of a fit, its artifact stored; tag <c>model</c>.</summary>
    public static readonly Histogram<double> Seconds = Meter.CreateHistogram<double>(
        "recs_training_seconds", "s", "Seconds of a fit, from the loaded snapshot to the stored artifact.",
        advice: new() { HistogramBucketBoundaries = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 1800, 3600] });
}
