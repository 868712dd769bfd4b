namespace Recs.Training.Evaluating;

/// <summary>How good the models are, the costs left open.</summary>
/// <param name="Rows">Per contestant what fills in the quality of its rows.</param>
/// <param name="Slices">Figures per slice.</param>
/// <param name="Comparisons">Paired comparisons.</param>
internal sealed record Judgement(
    IReadOnlyList<IReadOnlyList<Func<EvaluationRow, EvaluationRow>>> Rows, IReadOnlyList<EvaluationSlice> Slices, IReadOnlyList<EvaluationComparison> Comparisons);
