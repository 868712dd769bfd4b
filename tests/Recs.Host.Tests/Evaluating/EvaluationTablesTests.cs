using Recs.Host.Evaluating;
using Recs.Host.Reporting;
using Recs.Training.Evaluating;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Evaluating;

public sealed class EvaluationTablesTests
{
    [Fact]
    public void no_line_is_wider_than_a_screen_and_what_does_not_fit_is_named()
    {
        List<string> models = [.. Enumerable.Range(1, 12).Select(i => $"model-with-a-long-name-{i}")];
        using var said = new StringWriter();
        EvaluationTables.Show(new Terminal(said, TextWriter.Null, interactive: false), new()
        {
            Dataset = new("made-up", 10, 20, 200, new string('0', 64)),
            Protocol = "users",
            EvaluatedUsers = 10,
            TrainRatings = 100,
            HeldOut = 100,
            Rows = [.. models.Select((model, i) => new EvaluationRow { Model = model, K = 10, Hr = 0.5, HrLow = 0.4, HrHigh = 0.6, Ndcg = 0.5 - (i / 100.0), Precision = 0.1, Recall = 0.5, Map = 0.2, Mrr = 0.2 })],
            Slices = [.. models.SelectMany(model => new[] { "head", "middle", "tail" }.Select(part => new EvaluationSlice(model, "item popularity", part, 9, 10, 0.5, 0.5, 0.4, 0.6, null)))],
            Comparisons = [],
            Folds = 5,
            Ties = "file",
            UsersWithTiedLast = 0,
        });
        said.ToString().ShouldContain("users, 5 folds: 10 users judged by 100 ratings, 100 ratings to learn from in the first fold, seed");
        var lines = said.ToString().Split('\n');
        lines.Where(line => line.StartsWith("item popularity") || line.StartsWith("model-with")).ShouldAllBe(line => line.Length <= 120);
        var (best, last) = (models[0], models[^1] + ".");
        lines.ShouldContain(line => line.StartsWith("Left out, since they do not fit") && line.EndsWith(last));
        lines.ShouldContain(line => line.StartsWith("slice") && line.Contains(best));
        lines.ShouldContain(line => line.Contains("counted in each slice"));
    }
}
