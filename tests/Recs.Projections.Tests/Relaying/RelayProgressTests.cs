using Recs.Projections.Relaying;

namespace Recs.Projections.Tests.Relaying;

/// <summary>Where a relay goes on, and which of several does.</summary>
public sealed class RelayProgressTests
{
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
        Told.EverythingOnce([.. seen.DistinctBy(m => m.Headers[RelayHeaders.EventId])], 100);
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
        await log.Log.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())");
        await first.UntilAsync("a node leads again", h => h.State == RelayState.Running || second.Health.State == RelayState.Running);
        await log.Log.AppendAsync(RelayedLog.Ratings(50, 50));
        var leader = first.Health.State == RelayState.Running ? first : second;
        await leader.ToldAsync(100);
        await leader.DisposeAsync();
        await log.Log.AppendAsync(RelayedLog.Ratings(100, 50));
        await (leader == first ? second : first).ToldAsync(150);
        Told.EverythingOnce([.. (await log.ReadAsync(RelayedLog.Topics.UserInteractions)).DistinctBy(m => m.Headers[RelayHeaders.EventId])], 150);
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
}
