using Recs.Host.Reporting;
using Recs.Training.Evaluating;
using Recs.Training.Reporting;

namespace Recs.Host.Evaluating;

/// <summary>An evaluation on the screen: only the columns that its protocol defines, and no more of them than fit.</summary>
internal static class EvaluationTables
{
    private const int Gap = 2; // between two columns
    /// <summary>Prints.</summary>
    public static void Show(Terminal terminal, EvaluationReport report)
    {
        var d = report.Dataset;
        terminal.Say($"{d.Name}: {d.Ratings:N0} ratings, {d.Users:N0} users, {d.Movies:N0} movies, sha256 {d.Sha256[..12]}");
        terminal.Say($"{report.Protocol}{(report.Folds > 1 ? $", {report.Folds} folds" : "")}: {report.EvaluatedUsers:N0} users judged by {report.HeldOut:N0} ratings, "
            + $"{report.TrainRatings:N0} ratings to learn from{(report.Folds > 1 ? " in the first fold" : "")}, seed {report.Rows[0].Seed}");
        if (report.UsersWithTiedLast > 0 && report.Protocol == "leave-last-out")
            terminal.Say($"The newest rating of {report.UsersWithTiedLast:N0} users shares its time with another of theirs; {(report.Ties == "file"
                ? "the file's order decided ('--ties hash' shows how much that matters)" : "a hash decided")}.");
        foreach (var warning in report.Warnings)
            terminal.Say("Warning: " + warning);
        foreach (var (model, why) in Standings.Failed(report))
            terminal.Say($"FAILED {model}: {why}");
        var best = Standings.BestFirst(report);
        if (Standings.OnlyRank(report) is { Count: > 0 } left)
            terminal.Say($"Do not predict ratings: {string.Join(", ", left)}.");
        if (best.Count == 0)
            return;
        Table(terminal, FigureColumn.Quality, best);
        var main = Standings.Main(report);
        Table(terminal, FigureColumn.Beyond, main);
        ShowReranked(terminal, report);
        ShowSlices(terminal, report, [.. main.Select(r => r.Model)]);
        ShowComparisons(terminal, report, main[0].Model);
        Table(terminal, FigureColumn.Costs, main);
    }

    /// <summary>Per model whose lists were re-ranked: its own order, then what each re-ranker makes of it.</summary>
    private static void ShowReranked(Terminal terminal, EvaluationReport report)
    {
        foreach (var lists in RerankedLists.Of(report))
        {
            var columns = FigureColumn.Defined(RerankedLists.Columns, lists.Rows);
            terminal.Say();
            terminal.Say($"Lists of {lists.Own.K} of {lists.Model}, re-ranked");
            Fitting(terminal, [["order of", .. columns.Select(c => c.Head)], .. lists.Rows.Select(row => new[] { lists.OrderOf(row) }.Concat(columns.Select(c => c.Text(row) ?? "-")).ToArray())], words: 1);
        }
    }

    /// <summary>Slices down, models across: as many of the best as fit.</summary>
    private static void ShowSlices(Terminal terminal, EvaluationReport report, IReadOnlyList<string> models)
    {
        if (report.Slices.Count == 0)
            return;
        var judged = models.Where(model => report.Slices.Any(s => s.Model == model)).ToList();
        var slices = report.Slices.Where(s => s.Model == judged[0]).ToList();
        var figures = report.Slices.ToDictionary(s => (s.Slice, s.Value, s.Model));
        terminal.Say();
        terminal.Say($"{(report.Slices[0].K is { } k ? $"NDCG@{k}" : "RMSE")} by slice");
        Fitting(terminal,
            [
                ["slice", "", "people", .. judged],
                .. slices.Select(s => new[] { s.Slice, s.Value, $"{s.Users:N0}" }
                    .Concat(judged.Select(model => $"{figures[(s.Slice, s.Value, model)] switch { var f => f.Ndcg ?? f.Rmse }:0.0000}")).ToArray()),
            ], words: 2);
        if (Standings.SlicesOverlap(report, judged[0]) is { } overlap)
            terminal.Say(overlap);
    }

    /// <summary>Every model beside the best; the report has all pairs.</summary>
    private static void ShowComparisons(Terminal terminal, EvaluationReport report, string best)
    {
        var beside = report.Comparisons.Count == 0 ? [] : Standings.Against(report, best);
        if (beside.Count == 0)
            return;
        terminal.Say();
        terminal.Say($"{report.Comparisons[0].Metric}: {best} against each of the others, on the same people");
        terminal.Say($"(paired randomization test, p corrected by Holm for {Standings.Pairs(report)} {(Standings.Pairs(report) == 1 ? "pair" : "pairs")})");
        terminal.Table(
            [
                ["against", "difference", "95 %", "p"],
                .. beside.Select(c => new[] { c.Other, $"{c.Difference:+0.0000;-0.0000}", $"{c.Low:+0.0000;-0.0000} to {c.High:+0.0000;-0.0000}", $"{c.P:0.0000}" }),
            ], 1, 2, 3);
    }

    private static void Table(Terminal terminal, IReadOnlyList<FigureColumn> columns, IReadOnlyList<EvaluationRow> rows)
    {
        IReadOnlyList<FigureColumn> defined = [new("model", r => r.Model), new("k", r => r.K?.ToString()), .. FigureColumn.Defined(columns, rows)];
        if (defined.Count == 2)
            return;
        defined = FigureColumn.Defined(defined, rows);
        terminal.Say();
        Fitting(terminal, [[.. defined.Select(c => c.Head)], .. rows.Select(row => defined.Select(c => c.Text(row) ?? "-").ToArray())], words: 1);
    }

    /// <summary>A table with as many of its columns, from the left, as fit; the others are named below it.</summary>
    /// <param name="terminal">The screen.</param>
    /// <param name="rows">The head, then the rows.</param>
    /// <param name="words">Columns that are set flush left, before those of numbers.</param>
    private static void Fitting(Terminal terminal, IReadOnlyList<string[]> rows, int words)
    {
        var ends = Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length) + Gap).ToArray();
        for (var column = 1; column < ends.Length; column++)
            ends[column] += ends[column - 1];
        var shown = Math.Max(words + 1, ends.Count(end => end - Gap <= terminal.Width));
        terminal.Table([.. rows.Select(row => row[..Math.Min(shown, row.Length)])], [.. Enumerable.Range(words, shown - words)]);
        if (shown < rows[0].Length)
            terminal.Say($"Left out, since they do not fit (--json has all): {string.Join(", ", rows[0][shown..].Where(head => head != "95 %"))}.");
    }
}
