using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using Recs.Kafka.Connecting;

namespace Recs.Commands.Tests.Consuming;

/// <summary>Consumers that come and go, brokers that go and come back, topics that are not what they were.</summary>
public sealed class ChangingGroupTests : IAsyncLifetime
{
    private const long Noon = 1_700_000_000_000;
    private readonly ConsumedTopics _topics = new();

    public Task InitializeAsync() => _topics.PrepareAsync(partitions: 4);

    public Task DisposeAsync() => _topics.DisposeAsync();

    [Theory]
    [InlineData("range")]
    [InlineData("cooperative-sticky")]
    public async Task A_second_consumer_takes_over_partitions_in_the_middle_of_a_batch_and_nothing_is_lost_or_doubled(string strategy)
    {
        await using var first = await StartAsync(strategy);
        await TellAsync(1, 200);
        await Eventually.HoldsAsync("the first has all", async () => await StoredAsync() == 200);

        ConsumingNode second;
        await using (var connection = await _topics.Source.OpenConnectionAsync())
        await using (var slow = await connection.BeginTransactionAsync())
        {
            // The first consumer's commits stand still with their events in them, while their partitions go to the second.
            await using (var hold = new NpgsqlCommand("lock table recs.recs_kafka_offsets in access exclusive mode", connection))
                await hold.ExecuteNonQueryAsync();
            await TellAsync(201, 400);
            second = await StartAsync(strategy);
            await Eventually.HoldsAsync("partitions were taken from the first", () => first.Consumer.Lanes.Count() < 12);
        }
        await using (second)
        {
            await Eventually.HoldsAsync("both have partitions", () => first.Consumer.Lanes.Any() && second.Consumer.Lanes.Any());
            await TellAsync(401, 600);
            await Eventually.HoldsAsync("all is stored", async () => await StoredAsync() >= 600);
            first.Consumer.Lanes.Select(l => l.Partition).Intersect(second.Consumer.Lanes.Select(l => l.Partition)).ShouldBeEmpty();
        }
        await InOrderAsync(600);
    }

    [Fact]
    public async Task Partitions_that_are_read_again_from_their_start_change_nothing_whether_they_were_forgotten_or_end_before_the_position()
    {
        await using (await StartAsync("range"))
        {
            await TellAsync(1, 100);
            await Eventually.HoldsAsync("all is stored", async () => await StoredAsync() == 100);
        }
        await _topics.ExecuteAsync("update recs.recs_kafka_offsets set next_offset = 1000000 where topic = 'recs.watch' and partition % 2 = 0");
        await _topics.ExecuteAsync("delete from recs.recs_kafka_offsets where topic = 'recs.watch' and partition % 2 = 1");
        await using (var node = await StartAsync("range"))
        {
            await Eventually.HoldsAsync("all was read again", async () => await PositionsAsync() == 100);
            node.Warnings.ShouldContain(w => w.Contains("the topic was made anew"));
            await TellAsync(101, 150);
            await Eventually.HoldsAsync("what is new is stored", async () => await StoredAsync() >= 150);
        }
        await InOrderAsync(150);
    }

    [Fact]
    public async Task A_broker_that_goes_away_and_comes_back_costs_nothing_but_time()
    {
        await using var node = await StartAsync("range");
        await TellAsync(1, 50);
        await Eventually.HoldsAsync("all is stored", async () => await StoredAsync() == 50);
        _topics.Broker.TakeDown();
        await Eventually.HoldsAsync("it says so", () => node.Consumer.Troubles.Any(t => t.StartsWith("Kafka does not answer", StringComparison.Ordinal)));
        var later = TellAsync(51, 100);
        _topics.Broker.BringUp();
        await later;
        await Eventually.HoldsAsync("what came later is stored", async () => await StoredAsync() >= 100);
        await Eventually.HoldsAsync("it says nothing any more", () => !node.Consumer.Troubles.Any());
        await InOrderAsync(100);
    }

    [Fact]
    public async Task While_the_group_waits_for_a_member_that_died_readiness_and_lag_say_so()
    {
        await DieWithAllPartitionsAsync();
        await TellAsync(1, 30);
        await using var node = await ConsumingNode.StartAsync(_topics.Source, ConsumingNode.Options(_topics.Broker.Bootstrap) with { UnassignedAfter = TimeSpan.FromMilliseconds(100) });
        await Eventually.HoldsAsync("lag is known without a partition", () => node.Consumer.Lag.Values.Sum() == 30);
        node.Consumer.Lanes.ShouldBeEmpty();
        await Eventually.HoldsAsync("it is said", async () => (await node.CheckAsync()) is { Status: HealthStatus.Degraded } said
            && said.Description!.StartsWith("No partition is assigned to this process since", StringComparison.Ordinal) && said.Description.Contains("30 messages wait", StringComparison.Ordinal));
    }

    /// <summary>A member joins, gets everything, and goes without a word.</summary>
    private async Task DieWithAllPartitionsAsync()
    {
        var assigned = new TaskCompletionSource();
        using var member = new ConsumerBuilder<byte[], byte[]>(new KafkaSettings(_topics.Broker.Bootstrap).Consumer("recs")).SetPartitionsAssignedHandler((_, _) => assigned.TrySetResult()).Build();
        member.Subscribe(["recs.watch", "recs.rate", "recs.movielog"]);
        await Eventually.HoldsAsync("it has partitions", () =>
        {
            member.Consume(TimeSpan.Zero);
            return assigned.Task.IsCompleted;
        });
    }

    private Task<ConsumingNode> StartAsync(string strategy) => ConsumingNode.StartAsync(_topics.Source, ConsumingNode.Options(
        _topics.Broker.Bootstrap, ("partition.assignment.strategy", strategy), ("session.timeout.ms", "6000"), ("heartbeat.interval.ms", "500"), ("reconnect.backoff.max.ms", "200")) with
    {
        HandOver = TimeSpan.FromMilliseconds(300),
    });

    /// <summary>Ten users watch, minute by minute.</summary>
    private Task TellAsync(int from, int to)
        => Task.WhenAll(Enumerable.Range(from, to - from + 1).Select(minute => _topics.WatchAsync($"user{minute % 10}", "film+1", minute, Noon + minute)));

    private Task<long> StoredAsync() => _topics.CountAsync("select count(*) from recs.mt_events where type = 'movie_watched'");

    private Task<long> PositionsAsync() => _topics.CountAsync("select coalesce(sum(next_offset), 0) from recs.recs_kafka_offsets where topic = 'recs.watch'");

    private async Task InOrderAsync(int last)
    {
        (await StoredAsync()).ShouldBe(last);
        var minutes = await _topics.LinesAsync("select string_agg(data ->> 'Minute', ',' order by version) from recs.mt_events where type = 'movie_watched' group by stream_id");
        foreach (var user in minutes.Select(m => m.Split(',').Select(int.Parse).ToList()))
            user.ShouldBe(user.Order());
        minutes.Sum(m => m.Split(',').Length).ShouldBe(last);
    }
}
