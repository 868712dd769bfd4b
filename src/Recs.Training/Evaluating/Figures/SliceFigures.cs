using Recs.Training.Evaluating.Protocols;
using Recs.Training.Evaluating.Ranking;

namespace Recs.Training.Evaluating.Figures;

/// <summary>A model's figures of each slice.</summary>
internal static class SliceFigures
{
    private const double NormalQuantile = 1.96;

    /// <summary>
    /// HR and NDCG at k of each slice with somebody in it. Of a person with several movies to be found only those of the slice count as to be found. The interval is the
    /// mean and 1.96 standard errors: a slice may be too small for more.
    /// </summary>
    public static IEnumerable<EvaluationSlice> OfLists(string model, IReadOnlyList<Slice> slices, IReadOnlyList<JudgedPerson> people, RankedPerson[] ranked, int k)
    {
        foreach (var slice in slices)
        {
            var (users, hr, ndcg) = (new HashSet<int>(), 0.0, new List<double>());
            for (var i = 0; i < ranked.Length; i++)
            {
                var person = people[i];
                var targets = person.Targets.Count(movie => slice.Holds(person, movie));
                if (targets == 0)
                    continue;
                var ranks = Array.FindAll(ranked[i].Ranks, rank => slice.Holds(person, ranked[i].Movies[rank - 1]));
                users.Add(person.User);
                hr += RankingMetrics.HitRatio(ranks, k);
                ndcg.Add(RankingMetrics.Ndcg(ranks, targets, k));
            }

            if (ndcg.Count == 0)
                continue;
            var (mean, width) = (ndcg.Average(), NormalQuantile * StandardError(ndcg));
            yield return new(model, slice.Name, slice.Value, users.Count, k, hr / ndcg.Count, mean, mean - width, mean + width, Rmse: null);
        }
    }

    /// <summary>RMSE of each slice with a rating in it, over all folds.</summary>
    /// <param name="model">Model name.</param>
    /// <param name="folds">Per fold its slices (the same ones in every fold), who was judged, and what was predicted.</param>
    public static IEnumerable<EvaluationSlice> OfRatings(
        string model, IReadOnlyList<(IReadOnlyList<Slice> Slices, IReadOnlyList<JudgedPerson> People, float[][] Predicted)> folds)
    {
        for (var slice = 0; slice < folds[0].Slices.Count; slice++)
        {
            var (users, squared, count) = (new HashSet<int>(), 0.0, 0);
            foreach (var (slices, people, predicted) in folds)
                for (var i = 0; i < people.Count; i++)
                    for (var target = 0; target < people[i].Targets.Length; target++)
                    {
                        if (!slices[slice].Holds(people[i], people[i].Targets[target]))
                            continue;
                        var error = predicted[i][target] - (people[i].TargetHalfStars[target] / 2.0);
                        users.Add(people[i].User);
                        (squared, count) = (squared + (error * error), count + 1);
                    }

            if (count > 0)
                yield return new(model, folds[0].Slices[slice].Name, folds[0].Slices[slice].Value, users.Count, K: null, Hr: null, Ndcg: null, NdcgLow: null, NdcgHigh: null, Math.Sqrt(squared / count));
        }
    }

    private static double StandardError(List<double> values)
    {
        if (values.Count < 2)
            return 0;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Count - 1) / values.Count);
    }
}
