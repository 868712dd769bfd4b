using Recs.Projections.OnlineMetrics;
using Recs.Projections.Served;
using static Recs.Projections.Tests.OnlineMetrics.OnlineLog;

namespace Recs.Projections.Tests.OnlineMetrics;

public sealed class ObservedSlatesTests
{
    [Fact]
    public async Task They_count_under_a_channel_of_their_own_by_server_and_a_failed_one_is_no_slate()
    {
        await using var log = await ProjectedLog.CreateAsync();
        var online = new OnlineMetricsProjection();
        await log.AppendAsync(new object[]
        {
            Seen("u", 0, "a,b"), Seen("u", 1, "c", server: "other:8082"), Seen("u", 2, "", status: 500), Slate("u", 3, "a"), Watched("u", 20, "a"), Seen("v", 0, "a"),
        }.Select(Of));
        await log.ProjectAsync(online, 2);
        await log.ProjectAsync(new ServedSummaryProjection(), 2);

        (await log.LinesAsync("select channel, model, model_version, slates, converted_slates, items from read.online_shares where metric = 'watch-through' order by 1, 3"))
            .ShouldBe(["imported|observed|host:8082|2|1|3", "imported|observed|other:8082|1|0|1", "live|m|m-v0.1|1|1|1"]);
        (await log.LinesAsync("select channel, model_version, slates, items_per_slate from read.v_served_per_day order by 1, 2"))
            .ShouldBe(["imported|host:8082|2|1.5", "imported|other:8082|1|1", "live|m-v0.1|1|1"]);
        (await log.LinesAsync("select channel, requests, slates from read.v_failed_requests_per_day")).ShouldBe(["imported|1|3"]);
        (await log.LinesAsync("select channel, reason, requests from read.served_failures")).ShouldBe(["imported|status 500|1"]);
        (await new OnlineMetricsReader(log.Source, log.Options).ReportAsync(new("imported", "watch-through"))).Figures.Select(f => (f.ModelVersion, f.Value))
            .ShouldBe([("host:8082", 0.5), ("other:8082", 0.0)]);
    }
}
