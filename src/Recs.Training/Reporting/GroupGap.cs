using Recs.Training.Evaluating;

namespace Recs.Training.Reporting;

/// <summary>How far the groups of one attribute are apart for one model: what a fairness remark is computed from.</summary>
/// <param name="Attribute">What the groups are cut by, such as <c>age</c>.</param>
/// <param name="Best">The group with the best figure.</param>
/// <param name="Worst">The group with the worst.</param>
/// <param name="Ratio">The worst group's figure over the best one's: below 1 for NDCG, above 1 for RMSE; 1 is no gap.</param>
/// <param name="ClearlyWorse">Groups whose whole 95 % interval is worse than the model's figure for everybody; empty where slices have no interval.</param>
internal sealed record GroupGap(string Attribute, EvaluationSlice Best, EvaluationSlice Worst, double Ratio, IReadOnlyList<EvaluationSlice> ClearlyWorse)
{
    /// <summary>A group of fewer people says too little about a gap.</summary>
    public const int LeastPeople = 20;

    /// <summary>The gap; null where there are not two groups of enough people.</summary>
    /// <param name="report">A report.</param>
    /// <param name="model">A model of it.</param>
    /// <param name="attribute">What the groups are cut by.</param>
    public static GroupGap? Of(EvaluationReport report, string model, string attribute)
    {
        var groups = report.Slices.Where(s => s.Model == model && s.Slice == attribute && s.Users >= LeastPeople && Figure(s) is not null).ToList();
        if (groups.Count < 2 || Standings.Main(report).FirstOrDefault(r => r.Model == model) is not { } all)
            return null;
        var lowFirst = groups.OrderBy(Figure).ToList();
        var (worst, best) = groups[0].Ndcg is null ? (lowFirst[^1], lowFirst[0]) : (lowFirst[0], lowFirst[^1]);
        return new(attribute, best, worst, Figure(worst)!.Value / Figure(best)!.Value, [.. groups.Where(s => s.NdcgHigh < all.Ndcg)]);
    }

    private static double? Figure(EvaluationSlice slice) => slice.Ndcg ?? slice.Rmse;
}
