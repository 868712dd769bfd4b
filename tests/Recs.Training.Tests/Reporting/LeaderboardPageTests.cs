using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Recs.Training.Evaluating;
using Recs.Training.Reporting;

namespace Recs.Training.Tests.Reporting;

public partial class LeaderboardPageTests
{
    [Fact]
    public void A_table_of_models_reads_so()
    {
        var report = ReportedExample.MadeUp();
        var page = new Page();
        LeaderboardPage.ModelTable(page, "Lists of 10", FigureColumn.Quality, Standings.Main(report));
        page.ToString().ShouldBe("""
            #### Lists of 10

            | model | HR | 95 % | NDCG | 95 % |
            | --- | ---: | ---: | ---: | ---: |
            | [ease](model-cards/ease.md) | **0.2346** | 0.220-0.250 | **0.1250** | 0.120-0.130 |
            | [popularity](model-cards/popularity.md) | 0.0400 | 0.030-0.050 | 0.0200 | 0.010-0.030 |

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void Every_protocol_has_its_tables_and_its_command()
    {
        var page = LeaderboardPage.Write(ReportedExample.Run(), ReportedExample.Reports);
        Regex.Matches(page, "^### (.*)$", RegexOptions.Multiline).Select(m => m.Groups[1].Value)
            .ShouldBe(["generated: leave-last-out", "generated: random", "generated: users"]);
        foreach (var part in new[] { "#### Lists of 10", "#### Lists of other lengths", "#### Predicted ratings", "#### What lists of 10 are like", "#### NDCG@10 by slice", "#### RMSE by slice", "#### Costs",
            " against the others, ndcg@10", "| gender | F |", "| given | 0 |", ReportedExample.Data.Sha256, "0123abcd", "since they only rank: popularity, item-knn." })
            page.ShouldContain(part);
        page.ShouldContain("./recs evaluate --data data/generated --protocol random --models popularity,item-knn,knn-baseline --k 5,10 --seed 1 --json -");
        page.ShouldContain("--protocol all --models popularity,item-knn,knn-baseline --k 5,10 --seed 1 --report docs");
    }

    [Fact]
    public void No_figure_is_from_anywhere_but_the_reports()
    {
        var page = LeaderboardPage.Write(ReportedExample.Run(), [.. ReportedExample.Reports, ReportedExample.MadeUp()]);
        var known = ReportedExample.Reports.Append(ReportedExample.MadeUp()).SelectMany(r => Numbers(JsonSerializer.SerializeToElement(r, EvaluationJson.Default.EvaluationReport)))
            .Concat(PublishedFigures.All.Select(f => f.Value)).ToList();
        var shown = page.Split('\n').Where(line => line.StartsWith('|')).SelectMany(line => Decimal().Matches(Source().Replace(line, "")).Select(m => m.Value.TrimStart('+', '-'))).Distinct().ToList();
        shown.Count.ShouldBeGreaterThan(100);
        foreach (var figure in shown)
        {
            var half = 0.5 * Math.Pow(10, -(figure.Length - 1 - figure.IndexOf('.'))) * (1 + 1e-9);
            var value = double.Parse(figure, NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
            known.Exists(k => Math.Abs(Math.Abs(k) - value) <= half).ShouldBeTrue(figure);
        }
    }

    [Fact]
    public void The_figures_of_others_stand_beside_reports_of_their_own_protocol_and_data_alone()
    {
        var report = ReportedExample.MadeUp();
        PublishedFigures.Of(report).Select(f => f.Metric).ShouldNotContain("rmse");
        PublishedFigures.Of(report).Count.ShouldBeGreaterThan(20);
        PublishedFigures.Of(report with { Protocol = "random" }).ShouldAllBe(f => f.Metric != "hr@10");
        PublishedFigures.Of(report with { Protocol = "random", Folds = 5 }).Select(f => f.Value).ShouldBe([0.873, 0.862, 0.895, 0.916]);
        PublishedFigures.Of(report with { Protocol = "temporal" }).ShouldBeEmpty();
        PublishedFigures.Of(ReportedExample.MadeUp(ratings: 100)).ShouldBeEmpty(); // another data set of that name
        var page = LeaderboardPage.Write(ReportedExample.Run(), [report]);
        page.ShouldContain("| second implementation | EASE, history weighted exp(-age/3) + 0.02 | hr@10 | 0.2288 | ease | 0.2346 | level |");
        page.ShouldContain("| second implementation | EASE, ridge 500 | hr@10 | 0.1108 | ease | 0.2346 | better |");
        page.ShouldContain("| paper | FuXi-alpha | ndcg@10 | 0.1813 | ease | 0.125 | worse |"); // no model of that kind: the best one
    }

    [Fact]
    public void The_figures_of_others_have_a_source_and_a_counterpart()
    {
        foreach (var figure in PublishedFigures.All)
        {
            figure.Source.ShouldNotBeNullOrWhiteSpace();
            figure.Value.ShouldBeGreaterThan(0);
            PublishedFigures.Ours(new() { Model = "any" }, figure.Metric).ShouldBeNull(); // it is a metric that rows have
        }
    }

    [Fact]
    public void The_same_run_gives_the_same_text_in_any_culture()
    {
        var before = CultureInfo.CurrentCulture;
        var text = Pages();
        try
        {
            CultureInfo.CurrentCulture = new("") { NumberFormat = { NumberDecimalSeparator = ",", NumberGroupSeparator = ".", PercentSymbol = "pct", NegativeSign = "~" } };
            Pages().ShouldBe(text);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        static string Pages()
        {
            var (run, reports) = (ReportedExample.Run(), ReportedExample.Reports.Append(ReportedExample.MadeUp()).ToList());
            return LeaderboardPage.Write(run, reports) + string.Concat(ReportedExample.Models.Select(m => ModelCard.Write(m.Recommender, run, reports)));
        }
    }

    private static IEnumerable<double> Numbers(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => [element.GetDouble()],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Numbers),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Numbers(p.Value)),
        _ => [],
    };

    [GeneratedRegex(@"[+-]?[\d,]*\d\.\d+")]
    private static partial Regex Decimal();

    /// <summary>The words of somebody else's row: model and source.</summary>
    [GeneratedRegex(@"^\| (second implementation|project|paper|peer) \| [^|]* \||[^|]* \|$")]
    private static partial Regex Source();
}
