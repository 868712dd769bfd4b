using Recs.Training.Artifacts;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Reranking;
using Recs.Training.Scoring;

namespace Recs.Training.Evaluating.Costs;

/// <summary>A contestant with an artifact per split, and what the fits cost.</summary>
/// <param name="Contestant">What was fitted.</param>
/// <param name="Artifacts">One per split; empty if the model cannot do what the protocol judges, or could not be fitted.</param>
/// <param name="Store">Where they lie.</param>
/// <param name="Costs">One per split.</param>
/// <param name="Deterministic">Whether every second fit, on another number of threads, gave the same bytes; null if there was none.</param>
internal sealed record FittedModel(Contestant Contestant, IReadOnlyList<StoredArtifact> Artifacts, ArtifactStore Store, IReadOnlyList<FitCost> Costs, bool? Deterministic)
{
    /// <summary>What chooses its lists; null for the order of its scores.</summary>
    public RerankChoice? Rerank { get; init; }
    /// <summary>Why it could not be fitted; null if it was, or if there was nothing to fit it for.</summary>
    public string? Failure { get; init; }
    public string Name => Rerank is null ? Contestant.Recommender.Name : $"{Contestant.Recommender.Name} + {Rerank}";
    public bool IsJudged => Artifacts.Count > 0;
    public long Bytes => Artifacts.Count == 0 ? 0 : Artifacts.Max(a => a.Bytes);

    /// <summary>Opens the artifact of a split as serving would.</summary>
    public IScorer Open(int split) => Contestant.Recommender.Open(Store.Open(Artifacts[split].ContentHash));

    /// <summary>A row with the costs alone, means over the splits: the quality is for who knows it.</summary>
    /// <param name="splits">The splits it was fitted on.</param>
    /// <param name="seed">Seed of the fits.</param>
    /// <param name="clock">Times lists.</param>
    /// <param name="cancel">Stops.</param>
    public EvaluationRow CostRow(IReadOnlyList<Split> splits, ulong seed, TimeProvider clock, CancellationToken cancel)
    {
        if (!IsJudged)
            return new() { Model = Name, Seed = seed, Failure = Failure };
        using var scorer = Open(0);
        var times = ListTimes.Of(scorer, Rerank, splits[0], clock, cancel);
        return new()
        {
            Model = Name,
            TrainSeconds = Costs.Average(c => c.Seconds),
            CpuSeconds = Costs.Average(c => c.CpuSeconds),
            PeakMiB = Costs.Max(c => c.PeakMiB),
            SizeMiB = Artifacts.Average(a => a.Bytes) / (1024.0 * 1024),
            P50Ms = times.At(0.5),
            P95Ms = times.At(0.95),
            P99Ms = times.At(0.99),
            UsersPerSecond = times.UsersPerSecond,
            Version = Artifacts[0].ContentHash,
            Findings = Costs[0].Findings.Count == 0 ? null : Costs[0].Findings,
            Seed = seed,
            Deterministic = Deterministic,
            RerankOf = Rerank is null ? null : Contestant.Recommender.Name,
        };
    }
}

/// <summary>What one fit cost.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="CpuSeconds">Processor time of all threads; null if another fit ran beside it.</param>
/// <param name="PeakMiB">Peak of the process's resident memory, data set included; null if another fit ran beside it, or the system does not say.</param>
internal sealed record FitCost(double Seconds, double? CpuSeconds, double? PeakMiB)
{
    /// <summary>What the fit found out.</summary>
    public required IReadOnlyDictionary<string, string> Findings { get; init; }
}
