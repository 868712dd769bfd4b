using Recs.Training.Artifacts;
using Recs.Training.Evaluating.Costs;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Fitting;
using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating;

/// <summary>The data set leaves nobody to judge, or nothing to fit.</summary>
public sealed class NothingToJudgeException(string message) : Exception(message);

/// <summary>
/// Judges models offline: cuts a data set, fits each model on what the protocol gives it, opens its artifact as serving would, and asks it about everybody. Then, with
/// nothing else running, it times the lists of a few of them. Needs no database: any <see cref="InteractionSet"/> will do. Same data, plan and seed, same figures, on any
/// number of threads; only the costs are of the machine. A model that cannot be fitted has a row that says why, and the others go on.
/// </summary>
/// <param name="clock">Measures fits and lists.</param>
public sealed class EvaluateModels(TimeProvider clock)
{
    /// <summary>Fits and judges.</summary>
    /// <param name="name">Name of the data set, for the report.</param>
    /// <param name="data">Data set; watches are left out, since the protocols are defined on ratings.</param>
    /// <param name="plan">What to judge, and how.</param>
    /// <param name="run">Threads, progress, cancellation.</param>
    /// <exception cref="ArgumentException">The plan is out of range.</exception>
    /// <exception cref="NothingToJudgeException">There is nothing to judge by.</exception>
    public EvaluationReport Run(string name, InteractionSet data, EvaluationPlan plan, FitRun run)
    {
        plan.Check();
        var ratings = data.RatingsOnly();
        if (ratings.Count == 0)
            throw new NothingToJudgeException("The data set has no ratings: there is nothing to hold out.");
        var splits = plan.Protocol.Cut(TimeOrder.Of(ratings, plan.Ties, plan.Seed), plan.Seed);
        if (splits.Any(s => s.People.Count == 0 || s.Train.Count == 0))
            throw new NothingToJudgeException($"The data set is too small for the protocol '{plan.Protocol.Name}': {ratings.Count} ratings leave nobody to judge, or nothing to fit.");

        var folder = Directory.CreateTempSubdirectory("recs-evaluate-").FullName;
        try
        {
            var progress = new EvaluationProgress(run.Progress, plan.Contestants.Count * splits.Count);
            var fitted = new FitModels(plan, run, new ArtifactStore(folder), clock, progress).Run(splits);
            fitted = [.. fitted.SelectMany(model => model.IsJudged ? plan.RerankersOf(model.Contestant).Select(rerank => model with { Rerank = rerank }).Prepend(model) : [model])];
            var judgement = plan.Protocol.PredictsRatings
                ? JudgeRatings.Run(plan, splits, fitted, run, progress)
                : JudgeLists.Run(plan, splits[0], fitted, run, progress);
            return Report(name, ratings, plan, splits, judgement, CostRows(plan, splits, fitted, run, progress));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private EvaluationRow[] CostRows(EvaluationPlan plan, IReadOnlyList<Split> splits, FittedModel[] fitted, FitRun run, EvaluationProgress progress)
    {
        var rows = new EvaluationRow[fitted.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            progress.Timed($"timing lists of {fitted[i].Name}", (double)i / rows.Length);
            rows[i] = fitted[i].CostRow(splits, plan.Seed, clock, run.Cancel);
        }

        progress.Timed("done", 1);
        return rows;
    }

    private static EvaluationReport Report(
        string name, InteractionSet ratings, EvaluationPlan plan, IReadOnlyList<Split> splits, Judgement judgement, EvaluationRow[] costs)
    {
        var users = splits.SelectMany(s => s.People).Select(p => p.User).Distinct().Count();
        return new()
        {
            Dataset = new(name, ratings.Users.Count, ratings.Movies.Count, ratings.Count, ratings.Sha256),
            Protocol = plan.Protocol.Name,
            EvaluatedUsers = users,
            TrainRatings = splits[0].Train.Count,
            HeldOut = splits.Sum(s => s.People.DistinctBy(p => p.User).Sum(p => p.Targets.Length)),
            Rows = [.. costs.SelectMany((cost, i) => judgement.Rows[i].Select(quality => quality(cost)))],
            Slices = judgement.Slices,
            Comparisons = judgement.Comparisons,
            Folds = splits.Count,
            Ties = plan.Ties.ToString().ToLowerInvariant(),
            UsersWithTiedLast = TimeOrder.UsersWithTiedLast(ratings),
            Warnings = FewPeople.Warning(users) is { } few ? [few] : [],
        };
    }
}
