namespace Recs.Training.Evaluating;

/// <summary>One model's figures at one length k. Null where the protocol does not define a figure, or it was not measured. Formulas are in docs/formulas.md.</summary>
public sealed record EvaluationRow
{
    /// <summary>Model name; of re-ranked lists with the re-ranker and its weight behind it, such as <c>ease + mmr 0.3</c>.</summary>
    public required string Model { get; init; }
    /// <summary>Length of the list.</summary>
    public int? K { get; init; }
    /// <summary>Hit ratio at k.</summary>
    public double? Hr { get; init; }
    /// <summary>Lower end of its 95 % bootstrap interval.</summary>
    public double? HrLow { get; init; }
    /// <summary>Upper end.</summary>
    public double? HrHigh { get; init; }
    /// <summary>NDCG at k.</summary>
    public double? Ndcg { get; init; }
    /// <summary>Lower end of its 95 % bootstrap interval.</summary>
    public double? NdcgLow { get; init; }
    /// <summary>Upper end.</summary>
    public double? NdcgHigh { get; init; }
    /// <summary>Precision at k; under leave-last-out at most 1 / k.</summary>
    public double? Precision { get; init; }
    /// <summary>Recall at k; under leave-last-out the hit ratio.</summary>
    public double? Recall { get; init; }
    /// <summary>Mean average precision at k.</summary>
    public double? Map { get; init; }
    /// <summary>Mean reciprocal rank over the whole list.</summary>
    public double? Mrr { get; init; }
    /// <summary>Root mean squared error of predicted ratings, in stars.</summary>
    public double? Rmse { get; init; }
    /// <summary>Mean absolute error of predicted ratings, in stars.</summary>
    public double? Mae { get; init; }
    /// <summary>Share of the movies that is in at least one list of k.</summary>
    public double? Coverage { get; init; }
    /// <summary>Gini coefficient of how often each movie is listed: 0 if all alike, towards 1 the fewer share all places.</summary>
    public double? Gini { get; init; }
    /// <summary>Mean bits of surprise at the listed movies.</summary>
    public double? Novelty { get; init; }
    /// <summary>Mean distance of two movies of a list by genres, 0 to 1.</summary>
    public double? Diversity { get; init; }
    /// <summary>Popularity of the listed movies over that of the history; 1 is no bias.</summary>
    public double? PopularityBias { get; init; }
    /// <summary>Divergence of the lists' genres from the histories', in nats; 0 is calibrated.</summary>
    public double? Calibration { get; init; }
    /// <summary>Wall time of the fit; with folds, the mean.</summary>
    public double? TrainSeconds { get; init; }
    /// <summary>Processor time of the fit, all threads; null if fits ran side by side.</summary>
    public double? CpuSeconds { get; init; }
    /// <summary>Peak of the process's resident memory during the fit, data set included; null if fits ran side by side.</summary>
    public double? PeakMiB { get; init; }
    /// <summary>Size of the artifact.</summary>
    public double? SizeMiB { get; init; }
    /// <summary>Median time of one user's list of 10 on one thread with nothing beside it, in milliseconds.</summary>
    public double? P50Ms { get; init; }
    /// <summary>95 % quantile of the same.</summary>
    public double? P95Ms { get; init; }
    /// <summary>99 % quantile of the same.</summary>
    public double? P99Ms { get; init; }
    /// <summary>Such lists per second.</summary>
    public double? UsersPerSecond { get; init; }
    /// <summary>Content hash of the fitted artifact; with folds, of the first.</summary>
    public string? Version { get; init; }
    /// <summary>What the fit found out that is worth telling, sentences by name; with folds, of the first. Null for nothing.</summary>
    public IReadOnlyDictionary<string, string>? Findings { get; init; }
    /// <summary>Seed of cut, fit, intervals and tests.</summary>
    public ulong Seed { get; init; }
    /// <summary>Lower end of the RMSE's 95 % bootstrap interval.</summary>
    public double? RmseLow { get; init; }
    /// <summary>Upper end.</summary>
    public double? RmseHigh { get; init; }
    /// <summary>Whether a second fit on another number of threads gave the same bytes; null if there was none.</summary>
    public bool? Deterministic { get; init; }
    /// <summary>The model whose lists were re-ranked; null for a model's own order.</summary>
    public string? RerankOf { get; init; }
    /// <summary>Why there is no figure: the fit diverged, or the data cannot be fitted; null if it was fitted, or there was nothing to fit it for.</summary>
    public string? Failure { get; init; }
}
