using Recs.Training.Evaluating.Comparing;
using Recs.Training.Evaluating.Costs;
using Recs.Training.Evaluating.Figures;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Evaluating.Ranking;
using Recs.Training.Fitting;
using Recs.Training.Scoring;

namespace Recs.Training.Evaluating;

/// <summary>Judges models by the ratings that they predict. One that only ranks, or could not be fitted, has a row without figures.</summary>
internal static class JudgeRatings
{
    public static Judgement Run(EvaluationPlan plan, IReadOnlyList<Split> splits, IReadOnlyList<FittedModel> fitted, FitRun run, EvaluationProgress progress)
    {
        var threads = run.Compute.Threads;
        var slices = Slice.Of([.. splits.Select(split => (new TrainFacts(split.Train), split.People))]);
        var csv = plan.Predictions is null ? null : new PredictionCsv(plan.Predictions, withFold: splits.Count > 1);
        var judged = fitted.Where(f => f.IsJudged).ToList();
        var errors = new List<RatingErrors>();
        var sliced = new List<EvaluationSlice>();
        foreach (var model in judged)
        {
            var predicted = splits.Select((split, fold) => Predicted(model, split, fold, threads, judged.Count * splits.Count, progress, run.Cancel)).ToList();
            for (var fold = 0; fold < predicted.Count; fold++)
                csv?.Write(model.Name, splits[fold], fold, predicted[fold]);
            errors.Add(RatingErrors.Of(splits[0].Train.Users.Count, [.. splits.Zip(predicted, (split, p) => (split.People, p))]));
            sliced.AddRange(SliceFigures.OfRatings(model.Name, [.. splits.Select((split, fold) => (slices[fold], split.People, predicted[fold]))]));
        }

        return Judge(plan, fitted, judged, errors, sliced, threads);
    }

    private static Judgement Judge(
        EvaluationPlan plan, IReadOnlyList<FittedModel> fitted, List<FittedModel> judged, List<RatingErrors> errors, List<EvaluationSlice> slices, int threads)
    {
        var resampled = Bootstrap.Means([.. errors.SelectMany(e => new[] { e.Squared, e.Count })], plan.Seed, threads);
        var rmse = judged.Select((model, i) => new ComparedFigure(
            model.Name, errors[i].Rmse, [.. resampled[2 * i].Zip(resampled[(2 * i) + 1], (squared, count) => Math.Sqrt(squared / count))], errors[i].Squared)).ToList();
        return new(
            [.. fitted.Select(f => judged.IndexOf(f) is >= 0 and var i
                ? new[] { Quality(errors[i], Bootstrap.Interval(rmse[i].Resampled)) }
                : [cost => cost])],
            slices,
            PairedComparisons.Of("rmse", rmse, plan.Seed, threads));
    }

    private static Func<EvaluationRow, EvaluationRow> Quality(RatingErrors errors, (double Low, double High) rmse)
        => cost => cost with { Rmse = errors.Rmse, Mae = errors.Mae, RmseLow = rmse.Low, RmseHigh = rmse.High };

    private static float[][] Predicted(FittedModel model, Split split, int fold, int threads, int of, EvaluationProgress progress, CancellationToken cancel)
    {
        using var scorer = (IRatingPredictor)model.Open(fold);
        return RankPeople.Predict([scorer], split, threads, blocks => progress.Judged(blocks * of), cancel)[0];
    }
}
