using System.Globalization;
using Recs.Training.Evaluating;

namespace Recs.Training.Reporting;

/// <summary>What re-rankers make of one model's lists of one length: its own order, then each re-ranker's.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Own">The row of its own order.</param>
/// <param name="Reranked">The rows of its re-ranked lists, in the order of the report.</param>
public sealed record RerankedLists(string Model, EvaluationRow Own, IReadOnlyList<EvaluationRow> Reranked)
{
    /// <summary>The models whose lists were re-ranked, best first, at the length that slices are about.</summary>
    public static IReadOnlyList<RerankedLists> Of(EvaluationReport report)
        => [.. Standings.Main(report).Select(own => new RerankedLists(own.Model, own, [.. report.Rows.Where(r => r.RerankOf == own.Model && r.K == own.K)])).Where(lists => lists.Reranked.Count > 0)];

    /// <summary>What re-ranking trades: quality for what lists are like.</summary>
    public static IReadOnlyList<FigureColumn> Columns { get; } = [.. FigureColumn.Quality.Where(c => c.Head is "HR" or "NDCG"), .. FigureColumn.Beyond];

    /// <summary>All rows, the model's own order first.</summary>
    public IReadOnlyList<EvaluationRow> Rows => [Own, .. Reranked];

    /// <summary>What orders a row's lists: <c>score</c>, or a re-ranker with its weight such as <c>mmr 0.3</c>.</summary>
    public string OrderOf(EvaluationRow row) => row.RerankOf is null ? "score" : row.Model[(Model.Length + " + ".Length)..];

    /// <summary>How much a re-ranked row's figure differs from that of the model's own order, as text with its interval and p; null for the own order.</summary>
    /// <param name="report">The report that the lists are of.</param>
    /// <param name="row">One of <see cref="Rows"/>.</param>
    public static string? Change(EvaluationReport report, EvaluationRow row)
        => row.RerankOf is not null && report.Comparisons.FirstOrDefault(c => c.A == row.Model && c.B == row.RerankOf) is { } c
            ? string.Create(CultureInfo.InvariantCulture, $"{c.Difference:+0.0000;-0.0000;0.0000} ({c.Low:+0.0000;-0.0000;0.0000} to {c.High:+0.0000;-0.0000;0.0000}), p {c.PHolm:0.0000}")
            : null;
}
