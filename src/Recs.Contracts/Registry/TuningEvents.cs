namespace Recs.Contracts.Registry;

/// <summary>One set of options was judged on validation data. Stream <c>tuning-{TuningId}</c>.</summary>
/// <param name="TuningId">The tuning: a function of model, data, metric, seed and number of trials, so that the same question goes on where it was.</param>
/// <param name="Model">Model name.</param>
/// <param name="Trial">Number of the trial, from 0: the built-in defaults.</param>
/// <param name="Rung">Rung of the halving, from 0.</param>
/// <param name="Share">Share of the people that it was fitted on and judged by, 0 to 1.</param>
/// <param name="Options">Every hyper-parameter as invariant text.</param>
/// <param name="Metric"><c>ndcg@10</c> (more is better) or <c>rmse</c> (less is better).</param>
/// <param name="Value">The figure; null if the fit failed.</param>
/// <param name="Failure">Why it failed; null if it did not.</param>
/// <param name="Seconds">Wall time of fit and judgement.</param>
/// <param name="At">When it ended.</param>
public sealed record TuningTrialEnded(
    string TuningId, string Model, int Trial, int Rung, double Share, IReadOnlyDictionary<string, string> Options, string Metric, double? Value, string? Failure, double Seconds,
    DateTimeOffset At);

/// <summary>A tuning is complete: what trainings of the model use from now on where nobody says otherwise. Stream <c>tuning-{TuningId}</c>.</summary>
/// <param name="TuningId">The tuning.</param>
/// <param name="Model">Model name.</param>
/// <param name="Trial">The chosen trial.</param>
/// <param name="Options">The chosen hyper-parameters, as invariant text: those that were searched.</param>
/// <param name="Metric"><c>ndcg@10</c> or <c>rmse</c>.</param>
/// <param name="Value">Figure of the chosen trial on the validation data.</param>
/// <param name="BuiltInValue">Figure of the built-in defaults on the same data; null if their fit failed.</param>
/// <param name="SnapshotId">The data: a snapshot's id, or the name of a data set.</param>
/// <param name="DataSha256">Digest of what was left of the data after what models are judged by in the end was cut away.</param>
/// <param name="Seed">Key of every draw.</param>
/// <param name="Trials">How many trials were drawn.</param>
/// <param name="At">When.</param>
/// <param name="FormatVersion">Version of the arithmetic that was tuned; null in older logs.</param>
public sealed record OptionsTuned(
    string TuningId, string Model, int Trial, IReadOnlyDictionary<string, string> Options, string Metric, double Value, double? BuiltInValue, string SnapshotId, string DataSha256,
    ulong Seed, int Trials, DateTimeOffset At, int? FormatVersion = null);
