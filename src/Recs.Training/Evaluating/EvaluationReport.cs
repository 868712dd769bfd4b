using System.Text.Json.Serialization;

namespace Recs.Training.Evaluating;

/// <summary>The data set that was judged on.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Users">Users with a rating.</param>
/// <param name="Movies">Movies with a rating.</param>
/// <param name="Ratings">Ratings.</param>
/// <param name="Sha256">Digest of the ratings.</param>
public sealed record EvaluatedData(string Name, int Users, int Movies, int Ratings, string Sha256);

/// <summary>Figures of one slice of what was judged.</summary>
/// <param name="Model">Model name.</param>
/// <param name="Slice">What it is cut by: <c>activity</c> (ratings given), <c>cold</c>, <c>item popularity</c>, <c>age</c>, <c>gender</c>, <c>given</c>.</param>
/// <param name="Value">Which part.</param>
/// <param name="Users">Users in it. Somebody who is judged by several ratings is counted in every slice that holds one of them.</param>
/// <param name="K">Length of the list; null where ratings are predicted.</param>
/// <param name="Hr">Hit ratio at k.</param>
/// <param name="Ndcg">NDCG at k, with its 95 % interval from the standard error.</param>
/// <param name="NdcgLow">Lower end.</param>
/// <param name="NdcgHigh">Upper end.</param>
/// <param name="Rmse">Root mean squared error, where ratings are predicted.</param>
public sealed record EvaluationSlice(string Model, string Slice, string Value, int Users, int? K, double? Hr, double? Ndcg, double? NdcgLow, double? NdcgHigh, double? Rmse);

/// <summary>A paired comparison of two models on the same users.</summary>
/// <param name="A">One model.</param>
/// <param name="B">The other.</param>
/// <param name="Metric">Such as <c>ndcg@10</c> or <c>rmse</c>.</param>
/// <param name="Difference">The figure of <paramref name="A"/> less that of <paramref name="B"/>.</param>
/// <param name="Low">Lower end of its 95 % bootstrap interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="P">Two-sided p-value of the paired randomization test.</param>
/// <param name="PHolm">The same after Holm's correction for all pairs of models of this metric, or for all re-ranked lists.</param>
public sealed record EvaluationComparison(string A, string B, string Metric, double Difference, double Low, double High, double P, double PHolm);

/// <summary>What an evaluation found.</summary>
public sealed record EvaluationReport
{
    /// <summary>Data set.</summary>
    public required EvaluatedData Dataset { get; init; }
    /// <summary>How it was cut; figures of different protocols are never compared.</summary>
    public required string Protocol { get; init; }
    /// <summary>Users that were judged.</summary>
    public required int EvaluatedUsers { get; init; }
    /// <summary>Ratings that the models saw; with folds, in the first one.</summary>
    public required int TrainRatings { get; init; }
    /// <summary>Ratings that were to be found or predicted.</summary>
    public required int HeldOut { get; init; }
    /// <summary>One row per model and k; one per model where ratings are predicted.</summary>
    public required IReadOnlyList<EvaluationRow> Rows { get; init; }
    /// <summary>Figures per slice at one k.</summary>
    public required IReadOnlyList<EvaluationSlice> Slices { get; init; }
    /// <summary>Every pair of models at that k, then each re-ranked list against the model's own order.</summary>
    public required IReadOnlyList<EvaluationComparison> Comparisons { get; init; }
    /// <summary>Fits per model: 1, or the folds of <c>random</c>.</summary>
    public required int Folds { get; init; }
    /// <summary>What decided between equal times: <c>file</c> (position in the source) or <c>hash</c>.</summary>
    public required string Ties { get; init; }
    /// <summary>Users whose newest rating shares its time with another of theirs.</summary>
    public required int UsersWithTiedLast { get; init; }
    /// <summary>What takes weight from the figures, a sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>How reports are written: camelCase, absent figures as null.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(EvaluationReport))]
public sealed partial class EvaluationJson : JsonSerializerContext;
