using Recs.Contracts;
using Recs.Projections.Relaying;

namespace Recs.Projections.Tests.Relaying;

/// <summary>What the relay does with an event that cannot be told.</summary>
public sealed class RefusedEventsTests
{
    private const short Produce = 0;

    [Fact]
    public async Task an_event_that_is_too_large_stops_it_by_name_and_nothing_after_it_is_told()
    {
        await using var log = await RelayedLog.CreateAsync();
        await log.Log.AppendAsync([.. RelayedLog.Ratings(0, 20), RelayedLog.Rated("u1", new string('x', 3_000)), .. RelayedLog.Ratings(20, 20)]);
        var relay = await log.StartAsync(null, ("message.max.bytes", "2000"));
        var health = await relay.UntilAsync("it is stopped", h => h.State == RelayState.Stopped);
        health.Sequence.ShouldBe(20);
        health.Reason.ShouldNotBeNull().ShouldContain("Event 21 of stream 'user-u1', type 'movie_rated', cannot be told");
        Told.EverythingOnce(await log.ReadAsync(RelayedLog.Topics.UserInteractions), 20);
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
        Told.InEachPersonsOrder(seen.DistinctBy(m => m.Headers[RelayHeaders.EventId]));
        seen.DistinctBy(m => m.Headers[RelayHeaders.EventId]).Count().ShouldBe(200);
    }
}
