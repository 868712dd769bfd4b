using Recs.Training.Evaluating.Comparing;
using Recs.Training.Evaluating.Costs;
using Recs.Training.Evaluating.Figures;
using Recs.Training.Evaluating.Protocols;
using Recs.Training.Evaluating.Ranking;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Scoring;

namespace Recs.Training.Evaluating;

/// <summary>
/// Judges models by their lists: as many models at once as the memory bound has room for, and of each as many people at once as there are threads. One that could not be
/// fitted has a row without figures.
/// </summary>
internal static class JudgeLists
{
    private const int BytesPerPerson = 256; // a person's ranks and list, kept until the figures are made

    public static Judgement Run(EvaluationPlan plan, Split split, IReadOnlyList<FittedModel> fitted, FitRun run, EvaluationProgress progress)
    {
        var threads = run.Compute.Threads;
        var facts = new TrainFacts(split.Train);
        var slices = Slice.Of([(facts, split.People)])[0];
        var judged = fitted.Where(f => f.IsJudged).ToList();
        var csv = plan.Slates is null ? null : new SlateCsv(plan.Slates, withGroup: split.People[0].Group is not null);
        var figures = new List<ListFigures[]>();
        var sliced = new List<EvaluationSlice>();
        foreach (var together in Together(plan, split, judged))
        {
            var ranked = Ranked(together, split, plan.Ks.Max(), threads, judged.Count, progress, run.Cancel);
            var made = new (ListFigures[] Figures, EvaluationSlice[] Slices)[together.Count];
            Workers.Run(threads, made.Length, model => made[model] = (
                [.. plan.Ks.Select(k => ListFigures.Of(split.People, ranked[model], k, facts))],
                [.. SliceFigures.OfLists(together[model].Name, slices, split.People, ranked[model], plan.MainK)]));
            figures.AddRange(made.Select(m => m.Figures));
            sliced.AddRange(made.SelectMany(m => m.Slices));
            for (var model = 0; model < made.Length; model++)
                csv?.Write(together[model].Name, split, ranked[model]);
        }

        return Judge(plan, fitted, judged, figures, sliced, threads);
    }

    private static Judgement Judge(
        EvaluationPlan plan, IReadOnlyList<FittedModel> fitted, List<FittedModel> judged, List<ListFigures[]> figures, List<EvaluationSlice> slices, int threads)
    {
        // One column per model, k and metric: all of them share the draws.
        var resampled = Bootstrap.Means([.. figures.SelectMany(model => model.SelectMany(f => new[] { f.Hr, f.Ndcg }))], plan.Seed, threads);
        double[] Resampled(int model, int k, int metric) => resampled[(((model * plan.Ks.Count) + k) * 2) + metric];
        var main = plan.Ks.ToList().IndexOf(plan.MainK);
        var hr = judged.Select((f, i) => new ComparedFigure(f.Name, figures[i][main].Hr.Average(), Resampled(i, main, 0), figures[i][main].Hr)).ToList();
        var ndcg = judged.Select((f, i) => new ComparedFigure(f.Name, figures[i][main].Ndcg.Average(), Resampled(i, main, 1), figures[i][main].Ndcg)).ToList();
        return new(
            [
                .. fitted.Select(f => judged.IndexOf(f) is >= 0 and var i
                    ? figures[i].Select((figure, k) => Quality(figure, Bootstrap.Interval(Resampled(i, k, 0)), Bootstrap.Interval(Resampled(i, k, 1)))).ToArray()
                    : [cost => cost]),
            ],
            slices,
            [.. Compared($"ndcg@{plan.MainK}", plan, judged, ndcg, threads), .. Compared($"hr@{plan.MainK}", plan, judged, hr, threads)]);
    }

    /// <summary>Every pair of models, and each re-ranked list against the model's own order: two questions, so the p-values of each are corrected by themselves.</summary>
    private static IEnumerable<EvaluationComparison> Compared(string metric, EvaluationPlan plan, List<FittedModel> judged, List<ComparedFigure> figures, int threads)
    {
        var (own, reranked) = (new List<ComparedFigure>(), new List<(ComparedFigure, ComparedFigure)>());
        for (var i = 0; i < judged.Count; i++)
            if (judged[i].Rerank is null)
                own.Add(figures[i]);
            else
                reranked.Add((figures[i], own[^1])); // a model's own order stands before its re-ranked lists
        return PairedComparisons.Of(metric, own, plan.Seed, threads).Concat(PairedComparisons.OfPairs(metric, reranked, plan.Seed, threads));
    }

    private static Func<EvaluationRow, EvaluationRow> Quality(ListFigures f, (double Low, double High) hr, (double Low, double High) ndcg) => cost => cost with
    {
        K = f.K,
        Hr = f.Hr.Average(),
        HrLow = hr.Low,
        HrHigh = hr.High,
        Ndcg = f.Ndcg.Average(),
        NdcgLow = ndcg.Low,
        NdcgHigh = ndcg.High,
        Precision = f.Precision,
        Recall = f.Recall,
        Map = f.Map,
        Mrr = f.Mrr,
        Coverage = f.Coverage,
        Gini = f.Gini,
        Novelty = f.Novelty,
        Diversity = f.Diversity,
        PopularityBias = f.PopularityBias,
        Calibration = f.Calibration,
    };

    private static RankedPerson[][] Ranked(
        IReadOnlyList<FittedModel> models, Split split, int length, int threads, int of, EvaluationProgress progress, CancellationToken cancel)
    {
        var scorers = new List<IScorer>();
        try
        {
            foreach (var model in models)
                scorers.Add(model.Open(0));
            return RankPeople.Run(scorers, [.. models.Select(m => m.Rerank)], split, length, threads, blocks => progress.Judged(blocks * of / models.Count), cancel);
        }
        finally
        {
            scorers.ForEach(s => s.Dispose());
        }
    }

    /// <summary>The models in their order, cut where the next one's file and lists would pass the bound.</summary>
    private static IEnumerable<IReadOnlyList<FittedModel>> Together(EvaluationPlan plan, Split split, IReadOnlyList<FittedModel> fitted)
    {
        var bound = plan.MemoryMiB * 1024 * 1024;
        var (together, bytes) = (new List<FittedModel>(), 0L);
        foreach (var model in fitted)
        {
            var needed = (2 * model.Bytes) + (split.People.Count * (BytesPerPerson + (8L * plan.Ks.Max()))); // a scorer may copy its file
            if (together.Count > 0 && bytes + needed > bound)
            {
                yield return together;
                (together, bytes) = ([], 0);
            }

            together.Add(model);
            bytes += needed;
        }

        if (together.Count > 0)
            yield return together;
    }
}
