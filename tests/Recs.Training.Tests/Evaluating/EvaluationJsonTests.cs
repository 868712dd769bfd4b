using System.Text.Json;
using Recs.Training.Evaluating;
using Recs.Training.Fitting;

namespace Recs.Training.Tests.Evaluating;

public class EvaluationJsonTests
{
    [Fact]
    public void Scripts_find_every_field_by_its_name_also_where_it_is_null()
    {
        var report = new EvaluateModels(TimeProvider.System).Run(
            "generated", GeneratedData.Interactions(users: 5, movies: 6, perUser: 4), new([Contestant.Of(Recommenders.Named("popularity"))]) { Ks = [3] }, new());
        var json = JsonSerializer.SerializeToElement(report, EvaluationJson.Default.EvaluationReport);
        Names(json).ShouldBe(
            ["dataset", "protocol", "evaluatedUsers", "trainRatings", "heldOut", "rows", "slices", "comparisons", "folds", "ties", "usersWithTiedLast", "warnings"]);
        Names(json.GetProperty("dataset")).ShouldBe(["name", "users", "movies", "ratings", "sha256"]);
        Names(json.GetProperty("rows")[0]).ShouldBe(
        [
            "model", "k", "hr", "hrLow", "hrHigh", "ndcg", "ndcgLow", "ndcgHigh", "precision", "recall", "map", "mrr", "rmse", "mae", "coverage", "gini", "novelty",
            "diversity", "popularityBias", "calibration", "trainSeconds", "cpuSeconds", "peakMiB", "sizeMiB", "p50Ms", "p95Ms", "p99Ms", "usersPerSecond", "version", "findings", "seed",
            "rmseLow", "rmseHigh", "deterministic", "rerankOf", "failure",
        ]);
        json.GetProperty("rows")[0].GetProperty("rmse").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(p => p.Name);
}
