using Recs.Training.Evaluating;

namespace Recs.Training.Reporting;

/// <summary>A paired comparison seen from one of the two models.</summary>
/// <param name="Other">The other model.</param>
/// <param name="Difference">The one model's figure less the other's.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="P">p-value after Holm's correction for all pairs of the metric.</param>
public sealed record AgainstOther(string Other, double Difference, double Low, double High, double P);

/// <summary>Who stands where in a report. Models stand by their own order alone; what re-rankers make of their lists is for <see cref="RerankedLists"/>.</summary>
public static class Standings
{
    /// <summary>The length of list that slices and comparisons are about; null where ratings are predicted.</summary>
    public static int? MainK(EvaluationReport report) => report.Slices.Count > 0 ? report.Slices[0].K : report.Rows.Max(r => r.K);

    /// <summary>Models without a figure, since the protocol is about predicted ratings and they only rank.</summary>
    public static IReadOnlyList<string> OnlyRank(EvaluationReport report) => [.. report.Rows.Where(r => !IsJudged(r) && r.Failure is null).Select(r => r.Model).Distinct()];

    /// <summary>Models without a figure, since they could not be fitted, and why.</summary>
    public static IReadOnlyList<(string Model, string Why)> Failed(EvaluationReport report) => [.. report.Rows.Where(r => r.Failure is not null).Select(r => (r.Model, r.Failure!)).Distinct()];

    /// <summary>All rows of models with a figure, by length of list and the best first: by NDCG, or by RMSE where ratings are predicted; equals in the order of the report.</summary>
    public static IReadOnlyList<EvaluationRow> BestFirst(EvaluationReport report)
        => [.. report.Rows.Where(r => IsJudged(r) && r.RerankOf is null).OrderBy(r => r.K).ThenByDescending(r => r.Ndcg).ThenBy(r => r.Rmse ?? double.PositiveInfinity)];

    /// <summary>The rows of <see cref="MainK"/>, best first.</summary>
    public static IReadOnlyList<EvaluationRow> Main(EvaluationReport report)
    {
        var k = MainK(report);
        return [.. BestFirst(report).Where(r => r.K == k)];
    }

    /// <summary>Place of a model among those with a figure, from 1, and how many those are; null if it has none.</summary>
    public static (int Place, int Of)? PlaceOf(EvaluationReport report, string model)
    {
        var judged = Main(report).ToList();
        return judged.FindIndex(r => r.Model == model) is >= 0 and var place ? (place + 1, judged.Count) : null;
    }

    /// <summary>A model beside each of the others, by the report's first metric, closest first.</summary>
    public static IReadOnlyList<AgainstOther> Against(EvaluationReport report, string model) =>
    [
        .. OfModels(report).Where(c => c.A == model || c.B == model)
            .Select(c => c.A == model ? new AgainstOther(c.B, c.Difference, c.Low, c.High, c.PHolm) : new AgainstOther(c.A, -c.Difference, -c.High, -c.Low, c.PHolm))
            .OrderBy(c => Math.Abs(c.Difference)),
    ];

    /// <summary>Pairs that the p-values of <see cref="Against"/> are corrected for.</summary>
    public static int Pairs(EvaluationReport report) => OfModels(report).Count();

    /// <summary>
    /// What to say where the people of the slices add up to more than are judged: with several ratings to be found or predicted somebody is in several; null where they do not.
    /// </summary>
    /// <param name="report">A report.</param>
    /// <param name="model">Any of its models with slices.</param>
    public static string? SlicesOverlap(EvaluationReport report, string model)
        => report.Slices.Where(s => s.Model == model && s.Slice != "given").GroupBy(s => s.Slice).Any(g => g.Sum(s => s.Users) > report.EvaluatedUsers)
            ? "Somebody judged by several ratings is counted in each slice that holds one of them" + (report.Folds > 1 ? ", and what is known of a person differs from fold to fold" : "")
                + ": the people of the slices add up to more than are judged."
            : null;

    private static IEnumerable<EvaluationComparison> OfModels(EvaluationReport report)
    {
        var reranked = report.Rows.Where(r => r.RerankOf is not null).Select(r => r.Model).ToHashSet(StringComparer.Ordinal);
        return report.Comparisons.Where(c => c.Metric == report.Comparisons[0].Metric && !reranked.Contains(c.A) && !reranked.Contains(c.B));
    }

    private static bool IsJudged(EvaluationRow row) => row.Ndcg is not null || row.Rmse is not null;
}
