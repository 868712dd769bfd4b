using Recs.Training.Numerics;

namespace Recs.Training.Evaluating.Comparing;

/// <summary>A model's figure, as far as a comparison needs it.</summary>
/// <param name="Model">Model name.</param>
/// <param name="Value">The figure.</param>
/// <param name="Resampled">The figure once per draw of <see cref="Bootstrap"/>.</param>
/// <param name="PerUser">What each user adds to it.</param>
internal sealed record ComparedFigure(string Model, double Value, double[] Resampled, double[] PerUser);

/// <summary>Every pair of models, tested on the same users: the difference, its interval, and how likely it is if the two were alike.</summary>
internal static class PairedComparisons
{
    /// <summary>Of one person there is nothing that could differ by chance, so there is nothing to test.</summary>
    private const int LeastPeople = 2;

    /// <summary>Compares. The p-values of one metric are also given after Holm's correction for the number of its pairs.</summary>
    /// <param name="metric">Name of the figure, such as <c>ndcg@10</c>.</param>
    /// <param name="figures">One per model, over the same users and draws.</param>
    /// <param name="seed">Key of the test's draws.</param>
    /// <param name="threads">Threads at most.</param>
    public static IReadOnlyList<EvaluationComparison> Of(string metric, IReadOnlyList<ComparedFigure> figures, ulong seed, int threads)
        => OfPairs(metric, [.. from a in Enumerable.Range(0, figures.Count) from b in Enumerable.Range(a + 1, figures.Count - a - 1) select (figures[a], figures[b])], seed, threads);

    /// <summary>Compares the pairs that are asked for; Holm's correction is for their number.</summary>
    /// <inheritdoc cref="Of"/>
    public static IReadOnlyList<EvaluationComparison> OfPairs(string metric, IReadOnlyList<(ComparedFigure A, ComparedFigure B)> pairs, ulong seed, int threads)
    {
        if (pairs.Count > 0 && pairs[0].A.PerUser.Length < LeastPeople)
            return [];
        var comparisons = new EvaluationComparison[pairs.Count];
        Workers.Run(threads, pairs.Count, pair =>
        {
            var (a, b) = pairs[pair];
            var (low, high) = Bootstrap.Interval(a.Resampled.Zip(b.Resampled, (x, y) => x - y));
            var p = SignFlipTest.PValue([.. a.PerUser.Zip(b.PerUser, (x, y) => x - y)], seed);
            comparisons[pair] = new(a.Model, b.Model, metric, a.Value - b.Value, low, high, p, p);
        });
        var corrected = Holm(Array.ConvertAll(comparisons, c => c.P));
        return [.. comparisons.Select((comparison, i) => comparison with { PHolm = corrected[i] })];
    }

    /// <summary>
    /// Holm's correction ("A Simple Sequentially Rejective Multiple Test Procedure", 1979): the i-th smallest of m p-values times m - i + 1, never less than the one before
    /// and never more than 1. Rejecting where the result is below 5 % errs in any of the m with a probability of at most 5 %.
    /// </summary>
    internal static double[] Holm(double[] p)
    {
        var corrected = new double[p.Length];
        var least = 0.0;
        var rank = 0;
        foreach (var i in Enumerable.Range(0, p.Length).OrderBy(i => p[i]))
        {
            least = Math.Min(1, Math.Max(least, p[i] * (p.Length - rank++)));
            corrected[i] = least;
        }

        return corrected;
    }
}
