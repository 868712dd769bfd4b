using Recs.Training.Artifacts;
using Recs.Training.Evaluating.Figures;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Evaluating.Ranking;
using Recs.Training.Fitting;
using Recs.Training.Scoring;

namespace Recs.Training.Tuning;

/// <summary>Fits one set of options on a part of the data, opens the artifact as serving would, and judges it by the evaluator's own figures.</summary>
internal static class JudgeTrial
{
    /// <summary>Judges.</summary>
    /// <param name="plan">Model, metric and seed.</param>
    /// <param name="options">The trial's options.</param>
    /// <param name="part">What to fit on and to judge by.</param>
    /// <param name="run">Threads, progress, cancellation.</param>
    /// <exception cref="DivergedException">The fit diverged.</exception>
    /// <exception cref="InvalidDataException">The data cannot be fitted with these options, or a score is not a number.</exception>
    public static double Run(TuningPlan plan, OptionValues options, Split part, FitRun run)
    {
        var folder = Directory.CreateTempSubdirectory("recs-tune-").FullName;
        try
        {
            var store = new ArtifactStore(folder);
            string content;
            using (var artifact = plan.Recommender.Fit(part.Train, options, plan.Seed, run))
                content = store.Put(artifact).ContentHash;
            using var scorer = plan.Recommender.Open(store.Open(content));
            return plan.Metric == TuningMetric.Ndcg ? Ndcg(scorer, part, run) : Rmse((IRatingPredictor)scorer, part, run);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Ndcg(IScorer scorer, Split part, FitRun run)
    {
        var ranked = RankPeople.Run([scorer], [null], part, TuningMetrics.K, run.Compute.Threads, static _ => { }, run.Cancel)[0];
        return part.People.Select((person, i) => RankingMetrics.Ndcg(ranked[i].Ranks, person.Targets.Length, TuningMetrics.K)).Average();
    }

    private static double Rmse(IRatingPredictor scorer, Split part, FitRun run)
    {
        var predicted = RankPeople.Predict([scorer], part, run.Compute.Threads, static _ => { }, run.Cancel)[0];
        return RatingErrors.Of(part.Train.Users.Count, [(part.People, predicted)]).Rmse;
    }
}
