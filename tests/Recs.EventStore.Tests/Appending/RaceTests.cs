using Recs.EventStore.Appending;
using Shouldly;

namespace Recs.EventStore.Tests.Appending;

public sealed class RaceTests
{
    [Fact]
    public async Task Of_64_callers_who_expect_the_same_version_exactly_one_wins_each_version()
    {
        await using var store = await StoreDatabase.CreateAsync();
        // Two appenders stand for two processes.
        await using var one = new EventAppender(store.Source, store.Options);
        await using var two = new EventAppender(store.Source, store.Options);
        const int versions = 5;

        var wins = await Task.WhenAll(Enumerable.Range(0, 64).Select(async caller =>
        {
            var won = new List<long>();
            for (var version = 0; version < versions; version++)
            {
                try
                {
                    await (caller % 2 == 0 ? one : two).AppendAsync(Given.To("s", ExpectedVersion.Exactly(version)));
                    won.Add(version);
                }
                catch (ConcurrencyException conflict)
                {
                    conflict.Actual.ShouldBeGreaterThan(version);
                }
            }

            return won;
        }));

        wins.SelectMany(w => w).Order().ShouldBe([0L, 1L, 2L, 3L, 4L]);
        (await store.ScalarAsync<long>("select count(*) from recs.mt_events")).ShouldBe(versions);
    }

    [Fact]
    public async Task Appends_without_an_expectation_never_lose()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var one = new EventAppender(store.Source, store.Options);
        await using var two = new EventAppender(store.Source, store.Options);

        var results = await Task.WhenAll(Enumerable.Range(0, 400).Select(n =>
            (n % 2 == 0 ? one : two).AppendAsync(Given.To(n % 3 == 0 ? "a" : "b")).AsTask()));

        results.Where(r => r.Streams[0].StreamId == "a").Select(r => r.Streams[0].Version).Order().ShouldBe(Enumerable.Range(1, 134).Select(v => (long)v));
        results.Where(r => r.Streams[0].StreamId == "b").Select(r => r.Streams[0].Version).Order().ShouldBe(Enumerable.Range(1, 266).Select(v => (long)v));
    }

    [Fact]
    public async Task Writers_that_name_the_same_streams_in_opposite_order_do_not_deadlock()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var one = new EventAppender(store.Source, store.Options, writers: 1);
        await using var two = new EventAppender(store.Source, store.Options, writers: 1);
        string[] streams = [.. Enumerable.Range(0, 40).Select(n => $"s{n}")];
        var deadlocksBefore = await DeadlocksAsync(store);

        for (var round = 0; round < 10; round++)
        {
            await Task.WhenAll(
                one.AppendAsync(new([.. streams.Select(s => new StreamAppend(s, ExpectedVersion.Any, Given.Events(1)))])).AsTask(),
                two.AppendAsync(new([.. streams.Reverse().Select(s => new StreamAppend(s, ExpectedVersion.Any, Given.Events(1)))])).AsTask());
        }

        (await store.ScalarAsync<long>("select count(*) from recs.mt_streams where version = 20")).ShouldBe(40);
        (await DeadlocksAsync(store)).ShouldBe(deadlocksBefore);
    }

    [Fact]
    public async Task Versions_have_no_gaps_and_rise_with_the_sequence()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var one = new EventAppender(store.Source, store.Options, writers: 3);
        await using var two = new EventAppender(store.Source, store.Options, writers: 3);

        await Task.WhenAll(Enumerable.Range(0, 600).Select(n => (n % 2 == 0 ? one : two).AppendAsync(Given.To($"s{n % 7}", 1 + (n % 3))).AsTask()));

        (await store.ScalarAsync<long>("""
            select count(*) from (
              select version, row_number() over (partition by stream_id order by seq_id) as place from recs.mt_events) e
            where version <> place
            """)).ShouldBe(0);
    }

    private static Task<long> DeadlocksAsync(StoreDatabase store) =>
        store.ScalarAsync<long>("select pg_stat_get_db_deadlocks(oid) from pg_database where datname = current_database()");
}
