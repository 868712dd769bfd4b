using System.Text.Json.Serialization;

namespace Recs.Training.Evaluating;

/// <summary>The data set that was judged on.</summary>
public sealed record EvaluatedData(string Name, int Users, int Movies, int Ratings, string Sha256);

/// <summary>One model's figures at one length k. Null where the protocol does not define a figure, or it is not measured yet.</summary>
/// <param name="Model">Model name.</param>
/// <param name="K">Length of the list.</param>
/// <param name="Hr">Hit ratio at k, with its 95 % interval.</param>
/// <param name="HrLow">Lower end.</param>
/// <param name="HrHigh">Upper end.</param>
/// <param name="Ndcg">NDCG at k, with its 95 % interval.</param>
/// <param name="NdcgLow">Lower end.</param>
/// <param name="NdcgHigh">Upper end.</param>
/// <param name="Precision">Precision at k; under leave-last-out at most 1 / k.</param>
/// <param name="Recall">Recall at k; under leave-last-out the hit ratio.</param>
/// <param name="Map">Mean average precision at k.</param>
/// <param name="Mrr">Mean reciprocal rank over the whole list.</param>
/// <param name="Rmse">Root mean squared error of predicted ratings.</param>
/// <param name="Mae">Mean absolute error of predicted ratings.</param>
/// <param name="Coverage">Share of the movies that is in at least one list of k.</param>
/// <param name="Gini">Inequality of exposure.</param>
/// <param name="Novelty">Mean self-information of the listed movies.</param>
/// <param name="Diversity">Mean distance within a list.</param>
/// <param name="PopularityBias">Popularity of the listed movies over that of the history.</param>
/// <param name="Calibration">Distance of the lists' genres from the histories'.</param>
/// <param name="TrainSeconds">Wall time of the fit.</param>
/// <param name="CpuSeconds">Processor time of the fit, all threads.</param>
/// <param name="PeakMiB">Peak memory of the fit.</param>
/// <param name="SizeMiB">Size of the artifact.</param>
/// <param name="P50Ms">Median time of one user's list of 10, in milliseconds.</param>
/// <param name="P95Ms">95 % quantile of the same.</param>
/// <param name="P99Ms">99 % quantile of the same.</param>
/// <param name="UsersPerSecond">Lists of 10 per second on one thread.</param>
/// <param name="Version">Content hash of the fitted artifact.</param>
/// <param name="Seed">Seed of fit and intervals.</param>
public sealed record EvaluationRow(
    string Model, int K, double Hr, double HrLow, double HrHigh, double Ndcg, double NdcgLow, double NdcgHigh,
    double? Precision, double? Recall, double? Map, double? Mrr, double? Rmse, double? Mae, double? Coverage, double? Gini, double? Novelty,
    double? Diversity, double? PopularityBias, double? Calibration, double TrainSeconds, double CpuSeconds, double? PeakMiB, double SizeMiB,
    double P50Ms, double P95Ms, double P99Ms, double UsersPerSecond, string Version, ulong Seed);

/// <summary>Figures of one slice of the users.</summary>
public sealed record EvaluationSlice(string Model, string Slice, int Users, int K, double Hr, double Ndcg);

/// <summary>A paired comparison of two models.</summary>
public sealed record EvaluationComparison(string A, string B, string Metric, double Difference, double Low, double High, double P);

/// <summary>What an evaluation found.</summary>
/// <param name="Dataset">Data set.</param>
/// <param name="Protocol">How it was cut; figures of different protocols are never compared.</param>
/// <param name="EvaluatedUsers">Users with a held-out movie.</param>
/// <param name="TrainRatings">Ratings that the models saw.</param>
/// <param name="HeldOut">Movies to be found.</param>
/// <param name="Rows">One row per model and k.</param>
/// <param name="Slices">Figures per slice.</param>
/// <param name="Comparisons">Paired comparisons.</param>
public sealed record EvaluationReport(
    EvaluatedData Dataset, string Protocol, int EvaluatedUsers, int TrainRatings, int HeldOut, IReadOnlyList<EvaluationRow> Rows,
    IReadOnlyList<EvaluationSlice> Slices, IReadOnlyList<EvaluationComparison> Comparisons);

/// <summary>How reports are written: camelCase, absent figures as null.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(EvaluationReport))]
public sealed partial class EvaluationJson : JsonSerializerContext;
