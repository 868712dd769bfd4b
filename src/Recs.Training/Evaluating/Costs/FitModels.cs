using Recs.Training.Artifacts;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating.Costs;

/// <summary>
/// Fits every contestant on every split. One after the other by default, each on all processors, so that its seconds, processor time and memory are its own; or several
/// at once, as many as the estimates of <see cref="FitMemory"/> leave room for.
/// </summary>
internal sealed class FitModels(EvaluationPlan plan, FitRun run, ArtifactStore store, TimeProvider clock, EvaluationProgress progress)
{
    /// <summary>Greatest <see cref="IRecommender.RelativeCost"/> of a model that is fitted twice where that is asked for: the second fit of a network, on one thread, would take longer than all the rest.</summary>
    private const double MostTwice = 20;

    private readonly MemoryGate _gate = new(plan.MemoryMiB * 1024 * 1024);
    private readonly int _threads = Math.Max(1, run.Compute.Threads / plan.Parallel);

    /// <summary>Fits. One that diverges, or that the data is not enough for, does not stop the others.</summary>
    /// <returns>One per contestant, in their order.</returns>
    public FittedModel[] Run(IReadOnlyList<Split> splits)
    {
        var fitted = new FittedModel[plan.Contestants.Count];
        Workers.Run(plan.Parallel, fitted.Length, i => fitted[i] = Fit(plan.Contestants[i], i, splits));
        return fitted;
    }

    private FittedModel Fit(Contestant contestant, int place, IReadOnlyList<Split> splits)
    {
        if (plan.Protocol.PredictsRatings && !RatingModels.Includes(contestant))
            return Unfitted(contestant, place, splits.Count, "left out", failure: null);
        try
        {
            return FitAll(contestant, place, splits);
        }
        catch (Exception e) when (e is DivergedException or InvalidDataException)
        {
            return Unfitted(contestant, place, splits.Count, "failed", e.Message); // the others go on
        }
    }

    private FittedModel Unfitted(Contestant contestant, int place, int splits, string phase, string? failure)
    {
        for (var split = 0; split < splits; split++)
            progress.Fit(contestant.Recommender.Name, (place * splits) + split).Report(new(phase, 1));
        return new(contestant, [], store, [], null) { Failure = failure };
    }

    private FittedModel FitAll(Contestant contestant, int place, IReadOnlyList<Split> splits)
    {
        var (artifacts, costs, same) = (new List<StoredArtifact>(), new List<FitCost>(), true);
        var twice = plan.Twice && contestant.Recommender.RelativeCost <= MostTwice;
        for (var split = 0; split < splits.Count; split++)
        {
            using var room = _gate.Enter(FitMemory.Estimate(contestant.Recommender, contestant.Options, splits[split].Train), run.Cancel);
            var told = progress.Fit(contestant.Recommender.Name, (place * splits.Count) + split);
            var (artifact, cost) = FitOnce(contestant, splits[split].Train, _threads, twice ? new Half(told) : told);
            artifacts.Add(artifact);
            costs.Add(cost);
            if (twice)
                same &= FitOnce(contestant, splits[split].Train, _threads == 1 ? 2 : 1, progress: null).Artifact.ContentHash == artifact.ContentHash;
            told.Report(new("done", 1));
        }

        return new(contestant, artifacts, store, costs, twice ? same : null);
    }

    private (StoredArtifact Artifact, FitCost Cost) FitOnce(Contestant contestant, InteractionSet train, int threads, IProgress<FitProgress>? progress)
    {
        var alone = plan.Parallel == 1;
        var countsPeak = alone && PeakMemory.Reset();
        var (started, cpu) = (clock.GetTimestamp(), Environment.CpuUsage.TotalTime);
        using var artifact = contestant.Recommender.Fit(train, contestant.Options, plan.Seed, new(threads, run.Isa, progress, run.Cancel));
        var (seconds, cpuSeconds) = (clock.GetElapsedTime(started).TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalSeconds);
        var cost = new FitCost(seconds, alone ? cpuSeconds : null, countsPeak ? PeakMemory.MiB() : null) { Findings = artifact.Findings };
        return (store.Put(artifact), cost);
    }

    /// <summary>The first of two fits is half of the work.</summary>
    private sealed class Half(IProgress<FitProgress> whole) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => whole.Report(value with { Fraction = value.Fraction / 2 });
    }
}
