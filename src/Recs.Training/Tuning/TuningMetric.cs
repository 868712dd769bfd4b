namespace Recs.Training.Tuning;

/// <summary>What a tuning judges by.</summary>
public enum TuningMetric
{
    /// <summary>NDCG@10 of each person's second-last movie among all that they have not rated: more is better.</summary>
    Ndcg,
    /// <summary>RMSE of a tenth of the ratings that are not held out: less is better.</summary>
    Rmse,
}

/// <summary>Metrics as reports spell them.</summary>
public static class TuningMetrics
{
    /// <summary>Length of the lists that are judged.</summary>
    internal const int K = 10;

    /// <summary><c>ndcg@10</c> or <c>rmse</c>.</summary>
    public static string Word(this TuningMetric metric) => metric == TuningMetric.Ndcg ? $"ndcg@{K}" : "rmse";

    /// <summary>The metric of a word.</summary>
    internal static TuningMetric Named(string word) => word == TuningMetric.Rmse.Word() ? TuningMetric.Rmse : TuningMetric.Ndcg;

    /// <summary>A figure as a number of which less is better, whatever the metric; a trial that failed is worse than any other.</summary>
    internal static double Loss(this TuningMetric metric, double? value)
        => value is not { } figure ? double.PositiveInfinity : metric == TuningMetric.Ndcg ? -figure : figure;
}
