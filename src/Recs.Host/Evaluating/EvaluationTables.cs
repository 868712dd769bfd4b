using Recs.Host.Reporting;
using Recs.Training.Evaluating;

namespace Recs.Host.Evaluating;

/// <summary>An evaluation on the screen: only the columns that its protocol defines.</summary>
internal static class EvaluationTables
{
    private static readonly Column[] Quality =
    [
        new("model", r => r.Model), new("k", r => r.K?.ToString()),
        Number("HR", "0.0000", r => r.Hr), Interval(r => r.HrLow, r => r.HrHigh), Number("NDCG", "0.0000", r => r.Ndcg), Interval(r => r.NdcgLow, r => r.NdcgHigh),
        Number("precision", "0.0000", r => r.Precision), Number("recall", "0.0000", r => r.Recall), Number("MAP", "0.0000", r => r.Map), Number("MRR", "0.0000", r => r.Mrr),
        Number("RMSE", "0.0000", r => r.Rmse), Interval(r => r.RmseLow, r => r.RmseHigh), Number("MAE", "0.0000", r => r.Mae),
    ];

    private static readonly Column[] Beyond =
    [
        new("model", r => r.Model), new("k", r => r.K?.ToString()),
        Number("coverage", "0.000", r => r.Coverage), Number("Gini", "0.000", r => r.Gini), Number("novelty bits", "0.00", r => r.Novelty),
        Number("diversity", "0.000", r => r.Diversity), Number("popularity bias", "0.00", r => r.PopularityBias), Number("calibration", "0.000", r => r.Calibration),
    ];

    private static readonly Column[] Costs =
    [
        new("model", r => r.Model), Number("train s", "0.0", r => r.TrainSeconds), Number("CPU s", "0.0", r => r.CpuSeconds), Number("peak MiB", "0", r => r.PeakMiB),
        Number("MiB", "0.0", r => r.SizeMiB), Number("p50 ms", "0.000", r => r.P50Ms), Number("p95 ms", "0.000", r => r.P95Ms), Number("p99 ms", "0.000", r => r.P99Ms),
        Number("users/s", "0", r => r.UsersPerSecond), new("same bytes twice", r => r.Deterministic is { } same ? same ? "yes" : "NO" : null),
    ];

    /// <summary>Prints.</summary>
    public static void Show(Terminal terminal, EvaluationReport report)
    {
        var d = report.Dataset;
        terminal.Say($"{d.Name}: {d.Ratings:N0} ratings, {d.Users:N0} users, {d.Movies:N0} movies, sha256 {d.Sha256[..12]}");
        terminal.Say($"{report.Protocol}{(report.Folds > 1 ? $", {report.Folds} folds" : "")}: {report.EvaluatedUsers:N0} users judged by {report.HeldOut:N0} ratings, "
            + $"{report.TrainRatings:N0} ratings to learn from, seed {report.Rows[0].Seed}");
        if (report.UsersWithTiedLast > 0)
            terminal.Say($"The newest rating of {report.UsersWithTiedLast:N0} users shares its time with another of theirs; {(report.Ties == "file"
                ? "the file's order decided ('--ties hash' shows how much that matters)" : "a hash decided")}.");
        var best = report.Rows.OrderBy(r => r.K).ThenByDescending(r => r.Ndcg).ThenBy(r => r.Rmse ?? double.PositiveInfinity).ToList();
        if (best.Where(r => r.Version is null).Select(r => r.Model).ToList() is { Count: > 0 } left)
            terminal.Say($"Do not predict ratings: {string.Join(", ", left)}.");
        best.RemoveAll(r => r.Version is null);
        if (best.Count == 0)
            return;
        Table(terminal, Quality, best);
        var main = MainK(report);
        Table(terminal, Beyond, [.. best.Where(r => r.K == main)]);
        ShowSlices(terminal, report, [.. best.Where(r => r.K == main).Select(r => r.Model)]);
        ShowComparisons(terminal, report, best.First(r => r.K == main).Model);
        Table(terminal, Costs, [.. best.Where(r => r.K == main)]);
    }

    private static int? MainK(EvaluationReport report) => report.Slices.Count > 0 ? report.Slices[0].K : report.Rows.Max(r => r.K);

    /// <summary>Slices down, models across.</summary>
    private static void ShowSlices(Terminal terminal, EvaluationReport report, IReadOnlyList<string> models)
    {
        if (report.Slices.Count == 0)
            return;
        var shown = models.Where(model => report.Slices.Any(s => s.Model == model)).ToList();
        var figures = report.Slices.ToDictionary(s => (s.Slice, s.Value, s.Model));
        terminal.Say();
        terminal.Say($"{(report.Slices[0].K is { } k ? $"NDCG@{k}" : "RMSE")} by slice");
        terminal.Table(
            [
                ["slice", "", "users", .. shown],
                .. report.Slices.Where(s => s.Model == shown[0]).Select(s => new[] { s.Slice, s.Value, $"{s.Users:N0}" }
                    .Concat(shown.Select(model => $"{figures[(s.Slice, s.Value, model)] switch { var f => f.Ndcg ?? f.Rmse }:0.0000}")).ToArray()),
            ], [.. Enumerable.Range(2, shown.Count + 1)]);
    }

    /// <summary>Every model beside the best; the report has all pairs.</summary>
    private static void ShowComparisons(Terminal terminal, EvaluationReport report, string best)
    {
        var beside = report.Comparisons.Where(c => (c.A == best || c.B == best) && c.Metric == report.Comparisons[0].Metric).ToList();
        if (beside.Count == 0)
            return;
        terminal.Say();
        terminal.Say($"{beside[0].Metric}: {best} against each of the others, on the same users (paired randomization test, p corrected by Holm for {report.Comparisons.Count(c => c.Metric == beside[0].Metric)} pairs)");
        terminal.Table(
            [
                ["against", "difference", "95 %", "p"],
                .. beside.Select(c => c.A == best ? (Other: c.B, c.Difference, c.Low, c.High, c.PHolm) : (Other: c.A, Difference: -c.Difference, Low: -c.High, High: -c.Low, c.PHolm))
                    .OrderBy(c => Math.Abs(c.Difference))
                    .Select(c => new[] { c.Other, $"{c.Difference:+0.0000;-0.0000}", $"{c.Low:+0.0000;-0.0000} to {c.High:+0.0000;-0.0000}", $"{c.PHolm:0.0000}" }),
            ], 1, 2, 3);
    }

    private static void Table(Terminal terminal, Column[] columns, IReadOnlyList<EvaluationRow> rows)
    {
        Column[] defined = [.. columns.Where(column => rows.Any(row => column.Text(row) is not null))];
        if (defined.Length < 2)
            return;
        terminal.Say();
        terminal.Table([[.. defined.Select(c => c.Head)], .. rows.Select(row => defined.Select(c => c.Text(row) ?? "-").ToArray())], [.. Enumerable.Range(1, defined.Length - 1)]);
    }

    private static Column Number(string head, string format, Func<EvaluationRow, double?> figure) => new(head, row => figure(row)?.ToString(format));

    private static Column Interval(Func<EvaluationRow, double?> low, Func<EvaluationRow, double?> high)
        => new("95 %", row => low(row) is { } l && high(row) is { } h ? $"{l:0.000}-{h:0.000}" : null);

    private sealed record Column(string Head, Func<EvaluationRow, string?> Text);
}
