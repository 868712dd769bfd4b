using Recs.Contracts.Topics;
using Recs.Kafka.Connecting;
using Recs.Kafka.Topics;
using Recs.Testing;
using Shouldly;

namespace Recs.Kafka.Tests.Topics;

/// <summary>The mock broker never answers an administrator's call: what is made is proved by the plan, and how a silent broker is given up here.</summary>
public sealed class TopicAdministrationTests
{
    private static readonly TopicNames Names = new("shop");
    private static readonly TopicPlan Plan = new(Names, Names.Movielog, 3);

    [Fact]
    public async Task topics_are_listed_as_they_are_found()
    {
        using var broker = new MockBroker().WithTopic(Names.Watch, 3).WithTopic(Names.Rate, 4);
        var found = await new TopicAdministration(new(broker.Bootstrap), TimeSpan.FromSeconds(20)).ListAsync(Plan, CancellationToken.None);
        found.Select(t => (t.Topic.Name, t.Outcome, t.Partitions)).Take(3).ShouldBe([
            (Names.Watch, TopicOutcome.Exists, 3), (Names.Rate, TopicOutcome.Differs, 4), (Names.Movielog, TopicOutcome.Missing, 0)]);
    }

    [Fact]
    public async Task topics_that_are_all_there_need_nothing_made()
    {
        using var broker = new MockBroker();
        foreach (var topic in Plan.All) broker.WithTopic(topic.Name, topic.Partitions);
        var found = await new TopicAdministration(new(broker.Bootstrap), TimeSpan.FromSeconds(20)).CreateAsync(Plan, CancellationToken.None);
        found.ShouldAllBe(t => t.Outcome == TopicOutcome.Exists);
    }

    [Fact]
    public async Task a_broker_that_never_answers_the_making_of_a_topic_is_given_up_after_the_time()
    {
        using var broker = new MockBroker();
        var given = await Should.ThrowAsync<KafkaUnavailableException>(new TopicAdministration(new(broker.Bootstrap), TimeSpan.FromSeconds(2)).CreateAsync(Plan, CancellationToken.None));
        given.Message.ShouldContain(broker.Bootstrap);
    }

    [Fact]
    public async Task where_nobody_listens_it_is_given_up_after_the_time()
    {
        var given = await Should.ThrowAsync<KafkaUnavailableException>(new TopicAdministration(new("127.0.0.1:1"), TimeSpan.FromSeconds(1)).ListAsync(Plan, CancellationToken.None));
        given.Message.ShouldContain("127.0.0.1:1");
    }
}
