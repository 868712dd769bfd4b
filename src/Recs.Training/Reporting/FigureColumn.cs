using System.Globalization;
using Recs.Training.Evaluating;

namespace Recs.Training.Reporting;

/// <summary>Which way a figure is better.</summary>
public enum Better
{
    /// <summary>Neither: it is a matter of what is wanted, or of the machine.</summary>
    Neither,
    /// <summary>The higher, the better.</summary>
    Higher,
    /// <summary>The lower, the better.</summary>
    Lower,
}

/// <summary>A column of a table of models.</summary>
/// <param name="Head">Its head.</param>
/// <param name="Text">What stands in it, in invariant culture; null where the protocol does not define it, or it was not measured.</param>
public sealed record FigureColumn(string Head, Func<EvaluationRow, string?> Text)
{
    /// <summary>The figure behind the text, where there is one.</summary>
    public Func<EvaluationRow, double?> Figure { get; private init; } = _ => null;
    /// <summary>Which way it is better.</summary>
    public Better Better { get; private init; }

    /// <summary>What a list, or a predicted rating, is worth.</summary>
    public static IReadOnlyList<FigureColumn> Quality { get; } =
    [
        Number("HR", "0.0000", r => r.Hr, Better.Higher), Interval(r => r.HrLow, r => r.HrHigh),
        Number("NDCG", "0.0000", r => r.Ndcg, Better.Higher), Interval(r => r.NdcgLow, r => r.NdcgHigh),
        Number("precision", "0.0000", r => r.Precision, Better.Higher), Number("recall", "0.0000", r => r.Recall, Better.Higher),
        Number("MAP", "0.0000", r => r.Map, Better.Higher), Number("MRR", "0.0000", r => r.Mrr, Better.Higher),
        Number("RMSE", "0.0000", r => r.Rmse, Better.Lower), Interval(r => r.RmseLow, r => r.RmseHigh), Number("MAE", "0.0000", r => r.Mae, Better.Lower),
    ];

    /// <summary>What else lists are like, whether they were right or not.</summary>
    public static IReadOnlyList<FigureColumn> Beyond { get; } =
    [
        Number("coverage", "0.000", r => r.Coverage), Number("Gini", "0.000", r => r.Gini), Number("novelty bits", "0.00", r => r.Novelty),
        Number("diversity", "0.000", r => r.Diversity), Number("popularity bias", "0.00", r => r.PopularityBias), Number("calibration", "0.000", r => r.Calibration),
    ];

    /// <summary>What a model costs: of the machine and its load, all but the size and the bytes.</summary>
    public static IReadOnlyList<FigureColumn> Costs { get; } =
    [
        Number("train s", "0.0", r => r.TrainSeconds), Number("CPU s", "0.0", r => r.CpuSeconds), Number("peak MiB", "0", r => r.PeakMiB),
        Number("MiB", "0.0", r => r.SizeMiB), Number("p50 ms", "0.000", r => r.P50Ms), Number("p95 ms", "0.000", r => r.P95Ms), Number("p99 ms", "0.000", r => r.P99Ms),
        Number("users/s", "0", r => r.UsersPerSecond), new("same bytes twice", r => r.Deterministic is { } same ? same ? "yes" : "NO" : null),
    ];

    /// <summary>The columns that say something about any of the rows.</summary>
    public static IReadOnlyList<FigureColumn> Defined(IReadOnlyList<FigureColumn> columns, IReadOnlyList<EvaluationRow> rows) => [.. columns.Where(column => rows.Any(row => column.Text(row) is not null))];

    /// <summary>The best figure of the column; null for none, or where no figure is better than another.</summary>
    public double? Best(IEnumerable<EvaluationRow> rows) => Better switch
    {
        Better.Higher => rows.Max(Figure),
        Better.Lower => rows.Min(Figure),
        _ => null,
    };

    private static FigureColumn Number(string head, string format, Func<EvaluationRow, double?> figure, Better better = Better.Neither)
        => new(head, row => figure(row)?.ToString(format, CultureInfo.InvariantCulture)) { Figure = figure, Better = better };

    private static FigureColumn Interval(Func<EvaluationRow, double?> low, Func<EvaluationRow, double?> high)
        => new("95 %", row => low(row) is { } l && high(row) is { } h ? string.Create(CultureInfo.InvariantCulture, $"{l:0.000}-{h:0.000}") : null);
}
