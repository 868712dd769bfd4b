using System.Text.Json;
using System.Text.RegularExpressions;
using Recs.Acceptance.Running;
using Recs.Testing;
using Shouldly;
using Xunit;

namespace Recs.Acceptance.Observing;

/// <summary>Every question that the dashboards and alerts ask is one that a real service and its read models can answer.</summary>
[Collection(ObservedCollection.Name)]
public sealed partial class DashboardTests(ObservedService observed)
{
    private static string Deploy(string path) => Path.Combine(TestCluster.Root(), "deploy", path);

    private static IEnumerable<JsonElement> Targets => Directory.EnumerateFiles(Deploy("grafana/dashboards"), "*.json")
        .SelectMany(file => JsonDocument.Parse(File.ReadAllBytes(file)).RootElement.GetProperty("panels").EnumerateArray())
        .SelectMany(panel => panel.GetProperty("targets").EnumerateArray());

    [Fact]
    public async Task Every_metric_that_is_asked_for_is_there()
    {
        (await observed.Http.GetAsync("/recommend/1")).EnsureSuccessStatusCode();
        (await observed.Http.PostAsJsonAsync("/ratings", new { userId = "1", movieId = "1", rating = 4 })).EnsureSuccessStatusCode();
        var asked = Targets.Where(t => t.TryGetProperty("expr", out _)).Select(t => t.GetProperty("expr").GetString()!)
            .Append(await File.ReadAllTextAsync(Deploy("prometheus/rules.yml"))).SelectMany(text => Metric().Matches(text)).Select(m => m.Value).Distinct().ToList();
        asked.Count.ShouldBeGreaterThanOrEqualTo(5);
        await Soon.HappensAsync("every metric", async () => (await observed.Http.GetStringAsync("/metrics")) is var shown && asked.TrueForAll(name => shown.Contains(name)));
    }

    [Fact]
    public async Task Every_query_of_the_read_models_runs()
    {
        var queries = Targets.Where(t => t.TryGetProperty("rawSql", out _)).Select(t => t.GetProperty("rawSql").GetString()!).ToList();
        queries.ShouldNotBeEmpty();
        foreach (var query in queries)
            await Should.NotThrowAsync(() => observed.Recs.SqlAsync($"select count(*) from ({query}) as asked"), query);
    }

    [GeneratedRegex(@"\brecs_[a-z_]+\b")]
    private static partial Regex Metric();
}
