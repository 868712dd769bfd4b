using Recs.Contracts;
using Recs.EventStore.Following;
using Recs.Projections.Relaying;

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
        seen.Select(m => $"{Told.Field(m, "movie_id")}|{m.Headers[RelayHeaders.EventId]}|{m.Headers[RelayHeaders.Sequence]}").Order().ShouldBe(events.Order());
        Told.InEachPersonsOrder(seen);
        seen.Select(m => m.Partition).Distinct().Count().ShouldBeGreaterThan(1);

        (await log.ReadAsync(RelayedLog.Topics.RecoRequests)).ShouldHaveSingleItem().Key.ShouldBe("u1");
        Told.Field((await log.ReadAsync(RelayedLog.Topics.RecoResponses)).ShouldHaveSingleItem(), "model_version").ShouldBe("ease-v0.2");
        var exposures = await log.ReadAsync(RelayedLog.Topics.AbTestEvents);
        exposures.Select(m => $"{Told.Field(m, "experiment")} {Told.Field(m, "variant")} {m.Headers[RelayHeaders.Part]} {m.Headers[RelayHeaders.Channel]}").ShouldBe(["e a 0 live", "f b 1 live"]);
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
        Told.EverythingOnce(await log.ReadAsync(RelayedLog.Topics.UserInteractions), 2_010);
    }

    [Fact]
    public async Task what_the_broker_fails_to_take_for_a_while_is_sent_again_without_loss_doubles_or_another_order()
    {
        const int notLeader = 6, unknownTopic = 3, timedOut = 7, tooFewReplicas = 19, connectionCut = -195;
        await using var log = await RelayedLog.CreateAsync();
        await log.Log.AppendAsync(RelayedLog.Ratings(0, 1_000));
        log.Broker.FailNext(Produce, unknownTopic, notLeader, 0, timedOut, notLeader, 0, tooFewReplicas, connectionCut, 0, connectionCut, timedOut);
        var relay = await log.StartAsync();
        await relay.ToldAsync(await log.EndAsync());
        Told.EverythingOnce(await log.ReadAsync(RelayedLog.Topics.UserInteractions), 1_000);
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
        var seen = await log.ReadAsync(RelayedLog.Topics.UserInteractions);
        Told.EverythingOnce([.. seen.DistinctBy(m => m.Headers[RelayHeaders.EventId])], 400);
    }

    [Fact]
    public async Task an_event_that_came_late_below_the_relays_position_is_told_then_whether_a_relay_ran_or_not()
    {
        await using var log = await RelayedLog.CreateAsync();
        await log.Log.AppendAsync(RelayedLog.Ratings(0, 1));
        for (var drawn = 2; drawn <= 3; drawn++) await log.NumberAsync("select nextval('recs.mt_events_sequence')::text"); // somebody drew them and has not stored anything yet
        await log.Log.AppendAsync(RelayedLog.Ratings(3, 1));
        var relay = await log.StartAsync();
        await relay.ToldAsync(4);
        await ComesLateAsync(log, 2);
        await EmptyAsync(log);
        await relay.DisposeAsync();
        await ComesLateAsync(log, 3);
        await log.StartAsync();
        await EmptyAsync(log);
        var seen = await log.ReadAsync(RelayedLog.Topics.UserInteractions);
        seen.Select(m => m.Headers[RelayHeaders.Sequence]).Order(StringComparer.Ordinal).ShouldBe(["1", "2", "3", "4"]);
        (await log.NumberAsync("select position from recs.recs_relay")).ShouldBe(4);
    }

    /// <summary>An event at a number that was passed as gone; found by whichever process looks.</summary>
    private static async Task ComesLateAsync(RelayedLog log, int sequence)
    {
        var fact = RelayedLog.Rated($"late{sequence}", "m");
        await log.Log.ExecuteAsync("insert into recs.mt_streams (id, version) values ($1, 1)", fact.Stream);
        await log.Log.ExecuteAsync($"insert into recs.mt_events (seq_id, id, stream_id, version, data, type) values ({sequence}, gen_random_uuid(), $1, 1, $2::jsonb, $3)", fact.Stream, fact.Json, fact.Type);
        await using var mark = new HighWaterMark(log.Log.Source, log.Log.Options);
        await mark.StartAsync();
        await Until(async () => await log.NumberAsync($"select count(*) from recs.recs_gaps where {sequence} between first_seq and last_seq") == 0);
    }

    private static Task EmptyAsync(RelayedLog log) => Until(async () => await log.NumberAsync("select count(*) from recs.recs_relay_late") == 0);

    private static async Task Until(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await holds()) await pause.WaitForNextTickAsync(patience.Token);
    }
}
