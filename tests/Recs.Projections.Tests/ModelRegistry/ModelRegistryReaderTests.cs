using Recs.Contracts;
using Recs.Projections.ModelRegistry;

namespace Recs.Projections.Tests.ModelRegistry;

public sealed class ModelRegistryReaderTests
{
    [Fact]
    public async Task The_last_promotion_or_rollback_is_the_champion_and_figures_stay_apart_by_protocol()
    {
        await using var log = await ProjectedLog.CreateAsync();
        var reader = new ModelRegistryReader(log.Source);
        (await reader.ChampionAsync()).ShouldBeNull();
        await log.AppendAsync(
        [
            Trained("popularity", 1), Trained("popularity", 2), Trained("linear-autoregression", 1),
            Of("model_evaluated", "popularity", """{"Model":"popularity","Version":"popularity-v0.1","Protocol":"leave-last-out","Metrics":{"hr@10":0.04},"At":"2020-01-01T00:00:00Z"}"""),
            Of("model_evaluated", "popularity", """{"Model":"popularity","Version":"popularity-v0.1","Protocol":"temporal","Metrics":{"ndcg@10":0.1},"At":"2020-01-01T00:00:00Z"}"""),
            Of("model_promoted", "linear-autoregression", """{"Model":"linear-autoregression","Version":"linear-autoregression-v0.1","By":"t","Reason":"better","At":"2020-01-01T00:00:00Z"}"""),
            Of("model_rolled_back", "popularity", """{"Model":"popularity","Version":"popularity-v0.1","From":"linear-autoregression-v0.1","By":"t","Reason":"worse","At":"2020-01-02T00:00:00Z"}"""),
        ]);
        await log.ProjectAsync(new ModelRegistryProjection(), 3);

        (await reader.ListAsync()).Select(m => (m.Version, m.N, m.InProduction))
            .ShouldBe([("linear-autoregression-v0.1", 1, false), ("popularity-v0.2", 2, false), ("popularity-v0.1", 1, true)]);
        var first = (await reader.FindAsync("popularity-v0.1"))!;
        first.Metrics["leave-last-out"]["hr@10"].ShouldBe(0.04);
        first.Metrics["temporal"]["ndcg@10"].ShouldBe(0.1);
        (first.Seed, first.Options["tau"]).ShouldBe((ulong.MaxValue, "4"));
        (await reader.NewestAsync("popularity"))!.Version.ShouldBe("popularity-v0.2");
        (await reader.FindAsync("nothing-v0.1")).ShouldBeNull();
        var champion = (await reader.ChampionAsync())!;
        (champion.Version, champion.Previous, champion.Kind).ShouldBe(("popularity-v0.1", "linear-autoregression-v0.1", "rolled_back"));
        (await log.LinesAsync("select state, version from read.trainings order by sequence")).ShouldBe(["trained|popularity-v0.1", "trained|popularity-v0.2", "trained|linear-autoregression-v0.1"]);
    }

    [Fact]
    public async Task A_training_is_requested_until_it_is_trained_failed_or_called_off()
    {
        await using var log = await ProjectedLog.CreateAsync();
        await log.AppendAsync(
        [
            Requested("a"), Requested("b"), Requested("c"), Requested("popularity1"), Trained("popularity", 1),
            Of("training_failed", "popularity", """{"TrainingId":"b","Model":"popularity","Reason":"no data","At":"2020-01-01T00:00:00Z"}"""),
            Of("training_cancelled", "popularity", """{"TrainingId":"c","Model":"popularity","By":"somebody","Reason":"not now","At":"2020-01-01T00:00:00Z"}"""),
        ]);
        await log.ProjectAsync(new ModelRegistryProjection(), 2);
        (await log.LinesAsync("select training_id, state, coalesce(version, detail, '') from read.v_trainings order by training_id"))
            .ShouldBe(["a|requested|", "b|failed|no data", "c|cancelled|by somebody: not now", "popularity1|trained|popularity-v0.1"]);
    }

    [Fact]
    public async Task The_views_say_what_was_in_production_from_when_until_when()
    {
        await using var log = await ProjectedLog.CreateAsync();
        await log.AppendAsync(
        [
            Of("model_promoted", "popularity", """{"Model":"popularity","Version":"popularity-v0.1","By":"t","Reason":"first","At":"2020-01-01T00:00:00Z"}"""),
            Of("model_promoted", "popularity", """{"Model":"popularity","Version":"popularity-v0.2","By":"t","Reason":"better","At":"2020-01-02T00:00:00Z"}"""),
        ]);
        await log.ProjectAsync(new ModelRegistryProjection(), 2);
        (await log.LinesAsync("select version, coalesce(before, '-'), (until - since)::text from read.v_production_history order by sequence"))
            .ShouldBe(["popularity-v0.1|-|1 day", "popularity-v0.2|popularity-v0.1|"]);
    }

    private static Fact Requested(string id) => Of("training_requested", "popularity",
        $$"""{"TrainingId":"{{id}}","Model":"popularity","SnapshotId":"s","Options":{},"Seed":1,"RequestedBy":"t","Reason":"r","At":"2020-01-01T00:00:00Z","ThroughSequence":5}""");

    private static Fact Of(string type, string model, string json) => new(StreamIds.Model(model), type, json);

    private static Fact Trained(string model, int n) => Of("model_trained", model,
        $$"""
        {"TrainingId":"{{model}}{{n}}","Model":"{{model}}","Version":"{{model}}-v0.{{n}}","ContentHash":"c","SnapshotId":"s","SnapshotSha256":"d","ThroughSequence":5,
         "Options":{"tau":"4"},"Seed":18446744073709551615,"FormatVersion":1,"CodeRevision":"r","Dirty":false,"Files":[],"Seconds":1.5,"Bytes":10,"At":"2020-01-01T00:00:00Z"}
        """);
}
