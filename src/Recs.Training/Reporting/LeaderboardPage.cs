using System.Globalization;
using Recs.Training.Evaluating;

namespace Recs.Training.Reporting;

/// <summary>The leaderboard: every model under every protocol, beside the figures of others. The same run gives the same text.</summary>
internal static class LeaderboardPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="run">The run.</param>
    /// <param name="reports">Its reports, at least one.</param>
    public static string Write(ReportedRun run, IReadOnlyList<EvaluationReport> reports)
    {
        var page = new Page().Heading(1, "Leaderboard")
            .Say($"Written by `recs evaluate --report` from the reports in [leaderboard/](leaderboard/), never by hand. Code {Code(run)}, seed {run.Seed}. The figures of a protocol are compared with figures of the same protocol and data set only; **bold** is the best of a column. Formulas: [formulas.md](formulas.md). What each model is, and where it is worse: [model cards](model-cards/).")
            .Say($"Columns marked ° are of the machine ({run.Processors} processors, {run.InstructionSet}) and its load at the time; all others come out the same on any machine and any number of threads.");
        foreach (var dataset in ReportNames.InOrder(reports).GroupBy(r => r.Dataset.Name))
        {
            var data = dataset.First().Dataset;
            page.Heading(2, data.Name).Say($"{Whole(data.Ratings)} ratings by {Whole(data.Users)} people of {Whole(data.Movies)} movies, sha256 `{data.Sha256}`.");
            foreach (var report in dataset)
                Write(page, run, report);
            page.Points(run.LeftOut.Where(l => l.Dataset == data.Name).Select(l => $"Not run here: {l.Protocol}. {l.Why}."));
        }

        return page.Heading(2, "How to compute it again")
            .Say("In a clone of the code above, with the data sets in the folder `data`; a run that was stopped goes on where it was. `--slates FILE` writes every list, so that the figures can be computed with other tools.")
            .Commands([RecomputeCommand.OfAll(run, ReportNames.InOrder(reports))])
            .ToString();
    }

    /// <summary>The code that a run was made with.</summary>
    public static string Code(ReportedRun run) => $"`{run.Revision}`{(run.Dirty ? " with uncommitted changes (a draft)" : "")}";

    private static void Write(Page page, ReportedRun run, EvaluationReport report)
    {
        var protocol = ReportNames.Protocol(report);
        var k = Standings.MainK(report);
        var main = Standings.Main(report);
        page.Heading(3, $"{report.Dataset.Name}: {protocol}")
            .Say(ReportNames.Question(report.Protocol))
            .Say($"{Whole(report.EvaluatedUsers)} people judged by {Whole(report.HeldOut)} ratings, {Whole(report.TrainRatings)} ratings to learn from.{Ties(report)} The whole report: [{ReportNames.File(report.Dataset.Name, protocol)}](leaderboard/{ReportNames.File(report.Dataset.Name, protocol)}).");
        foreach (var warning in report.Warnings)
            page.Say($"**{warning}**");
        ModelTable(page, k is null ? "Predicted ratings" : $"Lists of {k}", FigureColumn.Quality, main);
        if (Standings.OnlyRank(report) is { Count: > 0 } only)
            page.Say($"Without a figure here, since they only rank: {string.Join(", ", only)}.");
        if (Standings.Failed(report) is { Count: > 0 } failed)
            page.Points(failed.Select(f => $"**{f.Model} has no figure:** {f.Why}"));
        if (main.Count == 0)
            return;
        OtherLengths(page, report, k);
        Comparisons(page, report, main);
        Others(page, report, main);
        ModelTable(page, $"What lists of {k} are like", FigureColumn.Beyond, main);
        Reranked(page, report);
        Slices(page, report, main);
        ModelTable(page, "Costs", [.. FigureColumn.Costs.Select(Marked)], main);
        page.Commands([RecomputeCommand.Of(run, report)]);
    }

    private static string Ties(EvaluationReport report) => report.UsersWithTiedLast == 0 || report.Protocol != "leave-last-out" ? "" :
        $" The newest rating of {Whole(report.UsersWithTiedLast)} people shares its time with another of theirs; {(report.Ties == "file" ? "this file's order" : "a hash")} decided.";

    /// <summary>Every model, best first, the columns that the protocol defines.</summary>
    internal static void ModelTable(Page page, string title, IReadOnlyList<FigureColumn> columns, IReadOnlyList<EvaluationRow> rows)
    {
        var defined = FigureColumn.Defined(columns, rows);
        if (defined.Count == 0)
            return;
        page.Heading(4, title).Table(
            ["model", .. defined.Select(c => c.Head)],
            rows.Select(row => (IReadOnlyList<string?>)[Card(row.Model), .. defined.Select(column => Cell(column, row, rows))]), "lr");
    }

    private static string? Cell(FigureColumn column, EvaluationRow row, IReadOnlyList<EvaluationRow> rows)
        => column.Text(row) is not { } text ? null : column.Best(rows) is { } best && column.Figure(row) == best ? $"**{text}**" : text;

    private static FigureColumn Marked(FigureColumn column) => column.Head is "MiB" or "same bytes twice" ? column : column with { Head = column.Head + "°" };

    /// <summary>A row links to the card of its model.</summary>
    private static string Card(string model) => $"[{model}](model-cards/{model}.md)";

    private static void OtherLengths(Page page, EvaluationReport report, int? main)
    {
        var rows = report.Rows.ToLookup(r => r.K);
        var lengths = rows.Select(r => r.Key).OfType<int>().Where(k => k != main).Order().ToList();
        if (lengths.Count == 0)
            return;
        var columns = FigureColumn.Quality.Where(c => c.Head is "HR" or "NDCG").ToList();
        page.Heading(4, "Lists of other lengths").Table(
            ["model", .. lengths.SelectMany(k => columns.Select(c => $"{c.Head}@{k}"))],
            Standings.Main(report).Select(row => (IReadOnlyList<string?>)
            [
                Card(row.Model), .. lengths.SelectMany(k => columns.Select(c => Cell(c, rows[k].First(r => r.Model == row.Model), [.. rows[k]]))),
            ]), "lr");
    }

    private static void Comparisons(Page page, EvaluationReport report, IReadOnlyList<EvaluationRow> main)
    {
        if (report.Comparisons.Count == 0 || Standings.Against(report, main[0].Model).Count == 0)
            return;
        page.Heading(4, $"{main[0].Model} against the others, {report.Comparisons[0].Metric}")
            .Say($"On the same people: difference with its 95 % bootstrap interval, and p of the paired randomization test after Holm's correction for {Standings.Pairs(report)} pairs.")
            .Table(["against", "difference", "95 %", "p"], Standings.Against(report, main[0].Model).Select(a => (IReadOnlyList<string?>)
            [
                a.Other, Signed(a.Difference), $"{Signed(a.Low)} to {Signed(a.High)}", a.P.ToString("0.0000", CultureInfo.InvariantCulture),
            ]), "lr");
    }

    /// <summary>Per model whose lists were re-ranked: its own order, and what each re-ranker makes of it.</summary>
    private static void Reranked(Page page, EvaluationReport report)
    {
        var all = RerankedLists.Of(report);
        if (all.Count == 0)
            return;
        var main = report.Comparisons[0].Metric;
        page.Heading(4, "Re-ranked")
            .Say($"What a re-ranker does to a model's lists of {all[0].Own.K}, as it would at serving (`GET /recommend/{{id}}?rerank=`): quality first, then what the lists are like. The weight stands behind its name; 0.3 is what serving uses if only a re-ranker is asked for. Change of {main}: with its 95 % bootstrap interval, and p of the paired randomization test after Holm's correction for the {all.Sum(l => l.Reranked.Count)} re-ranked rows. Formulas: [formulas.md](formulas.md#slates).");
        var columns = FigureColumn.Defined(RerankedLists.Columns, [.. all.SelectMany(lists => lists.Rows)]);
        var quick = FigureColumn.Costs.First(c => c.Head == "p95 ms");
        page.Table(
            ["model", "order of", .. columns.Select(c => c.Head), $"change of {main}", Marked(quick).Head],
            all.SelectMany(lists => lists.Rows.Select(row => (IReadOnlyList<string?>)[Card(lists.Model), lists.OrderOf(row), .. columns.Select(c => c.Text(row)), RerankedLists.Change(report, row), quick.Text(row)])), "llr");
    }

    /// <summary>The figures of others, each beside ours of the same metric; figures of other protocols are not in the report's selection.</summary>
    private static void Others(Page page, EvaluationReport report, IReadOnlyList<EvaluationRow> main)
    {
        var rows = new List<IReadOnlyList<string?>>();
        foreach (var figure in PublishedFigures.Of(report))
        {
            var k = figure.Metric.Split('@') is [_, var length] ? int.Parse(length, CultureInfo.InvariantCulture) : main[0].K;
            var row = report.Rows.FirstOrDefault(r => r.Model == (figure.Beside ?? main[0].Model) && r.K == k);
            var ours = row is null ? null : PublishedFigures.Ours(row, figure.Metric);
            var marked = figure.Metric.Contains(' ', StringComparison.Ordinal) || figure.Metric == "users/s" ? figure.Metric + "°" : figure.Metric;
            rows.Add([figure.From, figure.Model, marked, Short(figure.Value), row?.Model, ours is { } o ? Short(o.Value) : null, Verdict(figure.Value, ours), figure.Source + (figure.Note is { } note ? $" ({note})" : "")]);
        }

        if (rows.Count > 0)
            page.Heading(4, "Beside the figures of others")
                .Say("`better` and `worse` where the other figure is outside our 95 % interval, `level` where it is inside; costs are told, not judged, since the machines differ.")
                .Table(["from", "their model", "figure", "theirs", "of Recs", "ours", "ours is", "source"], rows, "lllrlrl");
    }

    private static string? Verdict(double theirs, (double Value, double? Low, double? High, Better Better)? ours) => ours switch
    {
        { Low: { } low, High: { } high } o => theirs >= low && theirs <= high ? "level" : theirs < low == (o.Better == Better.Higher) ? "better" : "worse",
        _ => null,
    };

    private static void Slices(Page page, EvaluationReport report, IReadOnlyList<EvaluationRow> main)
    {
        if (report.Slices.Count == 0)
            return;
        var models = main.Select(r => r.Model).Where(model => report.Slices.Any(s => s.Model == model)).ToList();
        var figures = report.Slices.ToDictionary(s => (s.Slice, s.Value, s.Model), s => s.Ndcg ?? s.Rmse);
        page.Heading(4, report.Slices[0].K is { } k ? $"NDCG@{k} by slice" : "RMSE by slice").Table(
            ["slice", "", "people", .. models],
            report.Slices.Where(s => s.Model == models[0]).Select(s => (IReadOnlyList<string?>)
            [
                s.Slice, s.Value, Whole(s.Users),
                .. models.Select(model => figures.GetValueOrDefault((s.Slice, s.Value, model))?.ToString("0.0000", CultureInfo.InvariantCulture)),
            ]), "llr");
        if (Standings.SlicesOverlap(report, models[0]) is { } overlap)
            page.Say(overlap);
    }

    private static string Whole(int value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.0000;-0.0000;0.0000", CultureInfo.InvariantCulture);

    private static string Short(double value) => value.ToString(value >= 10 ? "#,##0.#" : "0.0###", CultureInfo.InvariantCulture);
}
