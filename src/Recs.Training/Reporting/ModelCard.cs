using System.Globalization;
using Recs.Training.Evaluating;
using Recs.Training.Fitting;

namespace Recs.Training.Reporting;

/// <summary>
/// A model card (Mitchell et al., "Model Cards for Model Reporting", 2019): what a model is, what it is for, how good it is and for whom it is worse. All of it comes from
/// the recommender's own description and from one run; the same run gives the same text.
/// </summary>
internal static class ModelCard
{
    private static readonly string[] GroupAttributes = ["gender", "age"];

    /// <summary>Writes the card.</summary>
    /// <param name="model">The model.</param>
    /// <param name="run">The run.</param>
    /// <param name="reports">Its reports.</param>
    public static string Write(IRecommender model, ReportedRun run, IReadOnlyList<EvaluationReport> reports)
    {
        var judged = ReportNames.InOrder(reports).Where(r => Standings.PlaceOf(r, model.Name) is not null).ToList();
        var page = new Page().Heading(1, $"Model card: {model.Name}")
            .Say($"Written by `recs evaluate --report` from the run of the [leaderboard](../leaderboard.md), never by hand. Code {LeaderboardPage.Code(run)}, seed {run.Seed}.");
        Details(page, model, run);
        page.Heading(2, "Intended use")
            .Say($"Ordering movies that a person has not seen by what is known of the person: ratings, watches and, for someone new, gender and age.{PredictsRatings(model.Name, reports)} Not for judging people, and not for anything but films.");
        Data(page, judged);
        foreach (var report in judged)
            Quality(page, model.Name, report);
        Fairness(page, model.Name, judged);
        Costs(page, model.Name, run, judged);
        Limits(page, model, judged);
        return page.Heading(2, "Compute it again").Commands(judged.Select(r => RecomputeCommand.Of(run, r, model.Name)))
            .Say("A version trained from the log is trained again to the same bytes by `recs reproduce VERSION`.").ToString();
    }

    private static void Details(Page page, IRecommender model, ReportedRun run)
    {
        page.Heading(2, "Model details")
            .Say($"{model.Summary} Formula and paper: [formulas.md](../formulas.md#models). Format version {model.FormatVersion}.");
        if (model.Options.Count == 0)
        {
            page.Say("It has no hyper-parameters.");
            return;
        }

        var values = run.Models.First(m => m.Name == model.Name).Options;
        page.Table(["option", "judged with", "default", "from", "to", "meaning", "where the default comes from"], model.Options.Select(o => (IReadOnlyList<string?>)
        [
            o.Name, values.GetValueOrDefault(o.Name), Short(o.Default), Short(o.Minimum), Short(o.Maximum), o.Meaning, o.Source,
        ]), "lrrrrl");
    }

    private static string PredictsRatings(string model, IReadOnlyList<EvaluationReport> reports)
    {
        var rows = reports.Where(r => r.Protocol == "random").SelectMany(r => r.Rows).Where(r => r.Model == model).ToList();
        return rows.Count == 0 ? "" : rows.Exists(r => r.Rmse is not null) ? " It also predicts ratings in stars." : " It only ranks: it predicts no ratings.";
    }

    private static void Data(Page page, IReadOnlyList<EvaluationReport> judged)
    {
        page.Heading(2, "Data").Table(
            ["data set", "people", "movies", "ratings", "sha256 of the ratings"],
            judged.Select(r => r.Dataset).Distinct().Select(d => (IReadOnlyList<string?>)[d.Name, Whole(d.Users), Whole(d.Movies), Whole(d.Ratings), $"`{d.Sha256}`"]), "lrrrl");
        if (judged.Any(r => r.Dataset.Name.StartsWith("ml-", StringComparison.Ordinal)))
            page.Say("MovieLens data sets (Harper and Konstan, \"The MovieLens Datasets: History and Context\", 2015) have their own [terms](https://grouplens.org/datasets/movielens/): research use, cited, no redistribution without permission. Nothing of them is in this repository.");
        page.Say("Under every protocol it is fitted without what it is judged by. What its defaults were chosen on is in the table of options.");
    }

    private static void Quality(Page page, string model, EvaluationReport report)
    {
        var (place, of) = Standings.PlaceOf(report, model) ?? throw new InvalidOperationException($"{model} is not in the report.");
        var rows = report.Rows.Where(r => r.Model == model).OrderBy(r => r.K).ToList();
        var columns = FigureColumn.Defined([.. FigureColumn.Quality, .. FigureColumn.Beyond], rows);
        page.Heading(2, $"Quality: {report.Dataset.Name}, {ReportNames.Protocol(report)}")
            .Say($"{ReportNames.Question(report.Protocol)} Place {place} of {of} by {(Standings.MainK(report) is { } k ? $"NDCG@{k}" : "RMSE")}.")
            .Table([.. rows[0].K is null ? Array.Empty<string>() : ["k"], .. columns.Select(c => c.Head)],
                rows.Select(row => (IReadOnlyList<string?>)[.. row.K is { } k ? [k.ToString(CultureInfo.InvariantCulture)] : Array.Empty<string>(), .. columns.Select(c => c.Text(row))]), "r");
        if (rows[0].Findings is { Count: > 0 } findings)
            page.Say("What the fit found out:").Points(findings.Select(f => $"{f.Key}: {f.Value}"));
        Slices(page, model, report);
    }

    /// <summary>Where the model is worse: every slice beside the figure for everybody.</summary>
    private static void Slices(Page page, string model, EvaluationReport report)
    {
        var slices = report.Slices.Where(s => s.Model == model).ToList();
        var all = Standings.Main(report).First(r => r.Model == model);
        if (slices.Count == 0 || (all.Ndcg ?? all.Rmse) is not { } average)
            return;
        page.Table(["slice", "", "people", slices[0].K is { } k ? $"NDCG@{k}" : "RMSE", "95 %", "against everybody"], slices.Select(s => (IReadOnlyList<string?>)
        [
            s.Slice, s.Value, Whole(s.Users), Four(s.Ndcg ?? s.Rmse), s.NdcgLow is null ? null : $"{Four(s.NdcgLow)} to {Four(s.NdcgHigh)}",
            average == 0 ? null : (((s.Ndcg ?? s.Rmse) / average) - 1)?.ToString("+0 %;-0 %;0 %", CultureInfo.InvariantCulture),
        ]), "llr");
    }

    private static void Fairness(Page page, string model, IReadOnlyList<EvaluationReport> judged)
    {
        page.Heading(2, "Fairness");
        var remarks = judged.SelectMany(report => GroupAttributes.Select(attribute => GroupGap.Of(report, model, attribute)).OfType<GroupGap>().Select(gap => Remark(report, gap))).ToList();
        if (remarks.Count == 0)
        {
            page.Say($"No data set tells the gender or age of enough people (two groups of {GroupGap.LeastPeople}), so nothing can be said here.");
            return;
        }

        page.Say("Computed from the slices above: what the lists are worth to groups of people. A gap says that a group is served worse, not why; groups differ in size, activity and taste.")
            .Points(remarks);
    }

    private static string Remark(EvaluationReport report, GroupGap gap)
    {
        var metric = gap.Best.K is { } k ? $"NDCG@{k}" : "RMSE";
        var worse = gap.Best.Ndcg is null ? "" : gap.ClearlyWorse.Count == 0
            ? " No group is below the figure for everybody by more than its 95 % interval."
            : $" Below the figure for everybody by more than the 95 % interval: {string.Join(", ", gap.ClearlyWorse.Select(s => s.Value))}.";
        return $"{report.Dataset.Name}, {ReportNames.Protocol(report)}, {gap.Attribute}: {metric} is {Four(gap.Worst.Ndcg ?? gap.Worst.Rmse)} for {gap.Worst.Value} ({Whole(gap.Worst.Users)} people) and "
            + $"{Four(gap.Best.Ndcg ?? gap.Best.Rmse)} for {gap.Best.Value} ({Whole(gap.Best.Users)} people), a ratio of {gap.Ratio.ToString("0.00", CultureInfo.InvariantCulture)}.{worse}";
    }

    private static void Costs(Page page, string model, ReportedRun run, IReadOnlyList<EvaluationReport> judged)
    {
        var rows = judged.Select(report => (Report: report, Row: Standings.Main(report).First(r => r.Model == model))).ToList();
        var columns = FigureColumn.Defined([.. FigureColumn.Costs.Where(c => c.Head != "same bytes twice")], [.. rows.Select(r => r.Row)]);
        page.Heading(2, "Cost")
            .Say($"On {run.Processors} processors with {run.InstructionSet}, whatever else ran beside it; times of one person's list of 10 are on one thread.")
            .Table(["data set", "protocol", .. columns.Select(c => c.Head)], rows.Select(r => (IReadOnlyList<string?>)[r.Report.Dataset.Name, ReportNames.Protocol(r.Report), .. columns.Select(c => c.Text(r.Row))]), "llr");
        page.Heading(2, "Determinism").Say(rows.Exists(r => r.Row.Deterministic == false)
            ? "**A second fit on another number of threads gave other bytes.** This is a defect."
            : rows.Exists(r => r.Row.Deterministic == true)
                ? "A second fit on another number of threads gave the same bytes."
                : "Not tried in this run (`--twice` fits everything again on another number of threads and compares the bytes).");
        page.Points(rows.Where(r => r.Row.Version is not null).Select(r => $"{r.Report.Dataset.Name}, {ReportNames.Protocol(r.Report)}: artifact `{r.Row.Version}`"));
    }

    private static void Limits(Page page, IRecommender model, IReadOnlyList<EvaluationReport> judged)
        => page.Heading(2, "Limits").Points(
        [
            .. model.Limits,
            .. judged.SelectMany(report => Given(report, model.Name)),
            .. judged.Select(report => (Report: report, Row: Standings.Main(report).First(r => r.Model == model.Name))).Where(r => r.Row.Coverage is not null)
                .Select(r => $"{r.Report.Dataset.Name}, {ReportNames.Protocol(r.Report)}: {Percent(1 - r.Row.Coverage!.Value)} of the movies are in nobody's list of {r.Row.K}."),
            "Judged offline: the figures say how well it finds what people chose without it, not what they would do with its lists.",
        ]);

    /// <summary>What a person must have rated before the model knows them, where a protocol varies that.</summary>
    private static IEnumerable<string> Given(EvaluationReport report, string model)
    {
        var given = report.Slices.Where(s => s.Model == model && s.Slice == "given").ToList();
        if (given.Count > 1)
            yield return $"{report.Dataset.Name}, {ReportNames.Protocol(report)}: NDCG@{given[0].K} by ratings given is {string.Join(", ", given.Select(s => $"{Four(s.Ndcg)} with {s.Value}"))}.";
    }

    private static string? Four(double? value) => value?.ToString("0.0000", CultureInfo.InvariantCulture);
    private static string Whole(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
    private static string Short(double value) => value.ToString("#,##0.######", CultureInfo.InvariantCulture);
    /// <summary>To a whole percent, or finer where that would say none or all.</summary>
    private static string Percent(double share)
        => share.ToString(share is > 0 and < 0.01 or > 0.99 and < 1 ? "0.0# %" : "0 %", CultureInfo.InvariantCulture);
}
