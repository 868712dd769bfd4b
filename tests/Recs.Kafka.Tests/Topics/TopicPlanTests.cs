using Recs.Contracts.Topics;
using Recs.Kafka.Topics;
using Shouldly;

namespace Recs.Kafka.Tests.Topics;

public sealed class TopicPlanTests
{
    private static readonly TopicNames Names = new("shop");

    [Fact]
    public void every_topic_of_the_contract_is_planned_once()
        => new TopicPlan(Names, Names.Movielog).All.Select(t => t.Name).ShouldBe([
            "shop.watch", "shop.rate", "shop.movielog", "shop.reco_requests", "shop.reco_responses", "shop.user_interactions", "shop.model_metrics", "shop.ab_test_events", "shop.dead_letter"]);

    [Fact]
    public void a_movielog_topic_of_another_name_is_planned_instead()
        => new TopicPlan(Names, "raw").All.Select(t => t.Name).Where(name => name is "raw" or "shop.movielog").ShouldBe(["raw"]);

    [Fact]
    public void nothing_is_kept_for_ever_and_dead_letters_are_kept_longest()
    {
        var kept = new TopicPlan(Names, Names.Movielog, Retention: TimeSpan.FromHours(5)).All.ToDictionary(t => t.Name, t => t.Settings["retention.ms"]);
        kept[Names.DeadLetter].ShouldBe("72000000");
        kept.Where(t => t.Key != Names.DeadLetter).ShouldAllBe(t => t.Value == "18000000");
        new TopicPlan(Names, Names.Movielog).All.ShouldAllBe(t => t.Settings["cleanup.policy"] == "delete" && long.Parse(t.Settings["retention.ms"]) > 0);
        new TopicPlan(Names, Names.Movielog).All[0].Settings["retention.ms"].ShouldBe("604800000");
    }

    [Theory]
    [InlineData(1, "1")]
    [InlineData(2, "1")]
    [InlineData(3, "2")]
    public void a_write_waits_for_a_second_copy_where_a_third_can_be_spared(short copies, string inSync)
        => new TopicPlan(Names, Names.Movielog, 12, copies).All.ShouldAllBe(t => t.Replication == copies && t.Settings["min.insync.replicas"] == inSync);

    [Fact]
    public void partitions_are_the_same_everywhere_but_for_the_dead_letters()
        => new TopicPlan(Names, Names.Movielog, 12).All.Select(t => t.Partitions).ShouldBe([12, 12, 12, 12, 12, 12, 12, 12, 1]);
}
