using System.Text.Json;
using Recs.Contracts;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Topics;
using Recs.Projections.Relaying;
using Recs.Testing;

namespace Recs.Projections.Tests.Relaying;

public sealed class RelayTests
{
    private const short Produce = 0;

    [Fact]
    public async Task a_foreign_client_reads_what_the_log_says_once_and_in_each_persons_order()
    {
        await using var log = await RelayedLog.CreateAsync();
        await log.Log.AppendAsync(RelayedLog.Ratings(0, 300));
        await log.Log.AppendAsync([RelayedLog.Fact(StreamIds.Recommendations("u1"), EventAliases.RecommendationServed, RelayedLog.Slate("u1", "r1", new("e", "a"), new("f", "b")))]);
        var relay = await log.StartAsync();
        await relay.ToldAsync(await log.EndAsync());

        var events = await log.Log.LinesAsync("select data->>'MovieId', id, seq_id from recs.mt_events where type = 'movie_rated' order by seq_id");
        var seen = await log.ReadAsync(RelayedLog.Topics.UserInteractions);
        seen.Select(m => $"{Field(m, "movie_id")}|{m.Headers[RelayHeaders.EventId]}|{m.Headers[RelayHeaders.Sequence]}").Order().ShouldBe(events.Order());
        InEachPersonsOrder(seen);
        seen.Select(m => m.Partition).Distinct().Count().ShouldBeGreaterThan(1);

        (await log.ReadAsync(RelayedLog.Topics.RecoRequests)).ShouldHaveSingleItem().Key.ShouldBe("u1");
        Field((await log.ReadAsync(RelayedLog.Topics.RecoResponses)).ShouldHaveSingleItem(), "model_version").ShouldBe("ease-v0.2");
        var exposures = await log.ReadAsync(RelayedLog.Topics.AbTestEvents);
        exposures.Select(m => $"{Field(m, "experiment")} {Field(m, "variant")} {m.Headers[RelayHeaders.Part]} {m.Headers[RelayHeaders.Channel]}").ShouldBe(["e a 0 live", "f b 1 live"]);
    }

    [Fact]
    public async Task while_the_broker_is_away_it_waits_and_says_since_when_and_then_it_catches_up()
    {
        await using var log = await RelayedLog.CreateAsync();
        await log.Log.AppendAsync(RelayedLog.Ratings(0, 10));
        var relay = await log.StartAsync();
        await relay.ToldAsync(await log.EndAsync());
        log.Broker.TakeDown();
        await log.Log.AppendAsync(RelayedLog.Ratings(10, 2_000)); // more than may be under way
        var health = await relay.UntilAsync("it waits", h => h.State == RelayState.Waiting);
        health.Since.ShouldNotBeNull();
        health.Reason.ShouldNotBeNull().ShouldContain("The broker acknowledges nothing");
        (health.HighWaterMark - health.Sequence).ShouldBe(2_000);
        log.Broker.BringUp();
        health = await relay.ToldAsync(await log.EndAsync());
        (health.State, health.Since, health.Reason, health.LagSeconds).ShouldBe((RelayState.Running, null, null, 0));
        EverythingOnce(await log.ReadAsync(RelayedLog.Topics.UserInteractions), 2_010);
    }

    [Theory]
    [InlineData(6)] // not the leader of the partition
    [InlineData(7)] // timed out
    [InlineData(19)] // too few replicas
    [InlineData(-195)] // the connection is cut
    public async Task what_the_broker_fails_to_take_for_a_while_is_sent_again_without_loss_doubles_or_another_order(int error)
    {
        await using var log = await RelayedLog.CreateAsync();
        await log.Log.AppendAsync(RelayedLog.Ratings(0, 1_000));
        log.Broker.FailNext(Produce, error, 0, error, error, 0, error);
        var relay = await log.StartAsync();
        await relay.ToldAsync(await log.EndAsync());
        EverythingOnce(await log.ReadAsync(RelayedLog.Topics.UserInteractions), 1_000);
    }

    [Fact]
    public async Task progress_waits_for_slow_acknowledgements_and_the_next_relay_goes_on_there()
    {
        await using var log = await RelayedLog.CreateAsync();
        await log.Log.AppendAsync(RelayedLog.Ratings(0, 400));
        log.Broker.Delay(TimeSpan.FromMilliseconds(300));
        var relay = await log.StartAsync();
        await relay.ToldAsync(1);
        (await log.NumberAsync("select position from recs.recs_relay")).ShouldBeLessThanOrEqualTo(relay.Health.Sequence);
        await relay.DisposeAsync(); // in order: what is under way is waited for
        log.Broker.Delay(TimeSpan.Zero);
        await (await log.StartAsync()).ToldAsync(await log.EndAsync());
        EverythingOnce(await log.ReadAsync(RelayedLog.Topics.UserInteractions), 400);
    }

    [Fact]
    public async Task what_was_acknowledged_and_not_recorded_comes_again_with_the_same_event_id()
    {
        await using var log = await RelayedLog.CreateAsync();
        await log.Log.AppendAsync(RelayedLog.Ratings(0, 100));
        var relay = await log.StartAsync();
        await relay.ToldAsync(await log.EndAsync());
        await relay.DisposeAsync();
        await log.Log.ExecuteAsync("update recs.recs_relay set position = 60");
        relay = await log.StartAsync();
        await relay.ToldAsync(await log.EndAsync());
        var seen = await log.ReadAsync(RelayedLog.Topics.UserInteractions);
        seen.Count.ShouldBe(140);
        EverythingOnce([.. seen.DistinctBy(m => m.Headers[RelayHeaders.EventId])], 100);
    }

    [Fact]
    public async Task an_event_that_is_too_large_stops_it_by_name_and_nothing_after_it_is_told()
    {
        await using var log = await RelayedLog.CreateAsync();
        await log.Log.AppendAsync([.. RelayedLog.Ratings(0, 20), RelayedLog.Rated("u1", new string('x', 3_000)), .. RelayedLog.Ratings(20, 20)]);
        var relay = await log.StartAsync(null, ("message.max.bytes", "2000"));
        var health = await relay.UntilAsync("it is stopped", h => h.State == RelayState.Stopped);
        health.Sequence.ShouldBe(20);
        health.Reason.ShouldNotBeNull().ShouldContain("Event 21 of stream 'user-u1', type 'movie_rated', cannot be told");
        EverythingOnce(await log.ReadAsync(RelayedLog.Topics.UserInteractions), 20);
        await relay.DisposeAsync();
        await (await log.StartAsync()).ToldAsync(await log.EndAsync()); // the limit was raised
        (await log.ReadAsync(RelayedLog.Topics.UserInteractions)).Count.ShouldBe(41);
    }

    [Fact]
    public async Task a_body_that_cannot_be_read_stops_it_until_it_can()
    {
        await using var log = await RelayedLog.CreateAsync();
        await log.Log.AppendAsync([.. RelayedLog.Ratings(0, 3), new("user-u1", EventAliases.MovieRated, """{"UserId":"u1"}"""), .. RelayedLog.Ratings(3, 3)]);
        var relay = await log.StartAsync();
        var health = await relay.UntilAsync("it is stopped", h => h.State == RelayState.Stopped);
        health.Reason.ShouldNotBeNull().ShouldContain("Event 4 of stream 'user-u1', type 'movie_rated', cannot be told: its body cannot be read: it lacks MovieId.");
        await log.Log.ExecuteAsync("update recs.mt_events set data = '{}' where seq_id = 4"); // as an erasure does
        (await relay.ToldAsync(await log.EndAsync())).State.ShouldBe(RelayState.Running);
        (await log.ReadAsync(RelayedLog.Topics.UserInteractions)).Count.ShouldBe(6);
    }

    [Fact]
    public async Task a_refusal_by_the_broker_that_does_not_last_is_got_over_one_by_one()
    {
        await using var log = await RelayedLog.CreateAsync();
        await log.Log.AppendAsync(RelayedLog.Ratings(0, 200));
        log.Broker.FailNext(Produce, 10);
        var relay = await log.StartAsync();
        await relay.ToldAsync(await log.EndAsync());
        var seen = await log.ReadAsync(RelayedLog.Topics.UserInteractions);
        InEachPersonsOrder(seen.DistinctBy(m => m.Headers[RelayHeaders.EventId]));
        seen.DistinctBy(m => m.Headers[RelayHeaders.EventId]).Count().ShouldBe(200);
    }

    [Fact]
    public async Task one_of_two_leads_and_the_other_takes_over_within_ten_seconds()
    {
        await using var log = await RelayedLog.CreateAsync();
        await log.Log.AppendAsync(RelayedLog.Ratings(0, 50));
        var first = await log.StartAsync();
        await first.ToldAsync(50);
        var second = await log.StartAsync();
        (await second.UntilAsync("it knows how far the other is", h => h.Sequence == 50)).State.ShouldBe(RelayState.Standby);
        await log.Log.ExecuteAsync("select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted");
        await first.UntilAsync("a node leads again", h => h.State == RelayState.Running || second.Health.State == RelayState.Running);
        await log.Log.AppendAsync(RelayedLog.Ratings(50, 50));
        var leader = first.Health.State == RelayState.Running ? first : second;
        await leader.ToldAsync(100);
        await leader.DisposeAsync();
        await log.Log.AppendAsync(RelayedLog.Ratings(100, 50));
        await (leader == first ? second : first).ToldAsync(150);
        EverythingOnce([.. (await log.ReadAsync(RelayedLog.Topics.UserInteractions)).DistinctBy(m => m.Headers[RelayHeaders.EventId])], 150);
    }

    [Fact]
    public async Task from_now_leaves_out_what_was_there_at_the_first_start_and_nothing_else()
    {
        await using var log = await RelayedLog.CreateAsync();
        await log.Log.AppendAsync(RelayedLog.Ratings(0, 30));
        var fromNow = RelayedLog.Options with { From = RelayStart.Now };
        var relay = await log.StartAsync(fromNow);
        await relay.UntilAsync("it leads", h => h.State == RelayState.Running);
        await relay.DisposeAsync();
        await log.Log.AppendAsync(RelayedLog.Ratings(30, 20));
        await (await log.StartAsync(fromNow)).ToldAsync(50);
        (await log.ReadAsync(RelayedLog.Topics.UserInteractions)).Select(m => long.Parse(m.Headers[RelayHeaders.Sequence])).Order().ShouldBe(Enumerable.Range(31, 20).Select(i => (long)i));
    }

    private static void EverythingOnce(IReadOnlyList<SeenMessage> seen, int count)
    {
        seen.Select(m => Field(m, "movie_id")).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, count).Select(i => $"m{i}").Order(StringComparer.Ordinal));
        InEachPersonsOrder(seen);
    }

    private static void InEachPersonsOrder(IEnumerable<SeenMessage> seen)
    {
        foreach (var person in seen.GroupBy(m => m.Key))
        {
            var sequences = person.Select(m => long.Parse(m.Headers[RelayHeaders.Sequence])).ToList();
            sequences.ShouldBeInOrder(SortDirection.Ascending, person.Key);
            person.Select(m => m.Partition).Distinct().ShouldHaveSingleItem();
        }
    }

    private static string Field(SeenMessage message, string name) => JsonDocument.Parse(message.Value).RootElement.GetProperty(name).ToString();
}
