using Recs.Training.Evaluating;

namespace Recs.Training.Reporting;

/// <summary>A paired comparison seen from one of the two models.</summary>
/// <param name="Other">The other model.</param>
/// <param name="Difference">The one model's figure less the other's.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="P">p-value after Holm's correction for all pairs of the metric.</param>
public sealed record AgainstOther(string Other, double Difference, double Low, double High, double P);

/// <summary>Who stands where in a report.</summary>
public static class Standings
{
    /// <summary>The length of list that slices and comparisons are about; null where ratings are predicted.</summary>
    public static int? MainK(EvaluationReport report) => report.Slices.Count > 0 ? report.Slices[0].K : report.Rows.Max(r => r.K);

    /// <summary>Models without a figure, since the protocol is about predicted ratings and they only rank.</summary>
    public static IReadOnlyList<string> OnlyRank(EvaluationReport report) => [.. report.Rows.Where(r => !IsJudged(r)).Select(r => r.Model).Distinct()];

    /// <summary>All rows with a figure, by length of list and the best first: by NDCG, or by RMSE where ratings are predicted; equals in the order of the report.</summary>
    public static IReadOnlyList<EvaluationRow> BestFirst(EvaluationReport report)
        => [.. report.Rows.Where(IsJudged).OrderBy(r => r.K).ThenByDescending(r => r.Ndcg).ThenBy(r => r.Rmse ?? double.PositiveInfinity)];

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
        .. report.Comparisons.Where(c => (c.A == model || c.B == model) && c.Metric == report.Comparisons[0].Metric)
            .Select(c => c.A == model ? new AgainstOther(c.B, c.Difference, c.Low, c.High, c.PHolm) : new AgainstOther(c.A, -c.Difference, -c.High, -c.Low, c.PHolm))
            .OrderBy(c => Math.Abs(c.Difference)),
    ];

    /// <summary>Pairs that the p-values of <see cref="Against"/> are corrected for.</summary>
    public static int Pairs(EvaluationReport report) => report.Comparisons.Count(c => c.Metric == report.Comparisons[0].Metric);

    private static bool IsJudged(EvaluationRow row) => row.Ndcg is not null || row.Rmse is not null;
}
