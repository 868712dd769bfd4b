using System.Text.Json.Serialization.Metadata;
using Recs.EventStore.Checking;
using Recs.EventStore.Evolving;
using Recs.EventStore.Projecting;
using Recs.EventStore.Tests.Following;
using Recs.EventStore.Tests.Projecting;
using Shouldly;

namespace Recs.EventStore.Tests.Checking;

public sealed class LogInvariantsTests
{
    /// <summary>Each invariant, and SQL that breaks it, behind the store's back, in a sound log.</summary>
    public static TheoryData<string, string, string> Damage => new()
    {
        { "versions-contiguous", "delete from recs.mt_events where version = 2", "stream 'a' holds 2 events with versions 1 to 3, expected 1 to 2" },
        { "stream-version-is-last", "update recs.mt_streams set version = 7 where id = 'a'", "stream 'a' says version 7, its last event has version 3" },
        {
            "event-ids-unique", "drop index recs.idx_mt_events_event_id; update recs.mt_events set id = '00000000-0000-0000-0000-000000000001' where version < 3",
            "event id 00000000-0000-0000-0000-000000000001 occurs 2 times, at positions {1,2}"
        },
        {
            "events-have-streams", "alter table recs.mt_events drop constraint fkey_mt_events_stream_id; delete from recs.mt_streams where id = 'a'",
            "event 1 belongs to stream 'a', which has no row"
        },
        { "types-known", "update recs.mt_events set type = 'mystery' where seq_id = 2", "1 events, the first at position 2, have type 'mystery', which is not registered" },
        { "passed-gaps-empty", "insert into recs.recs_gaps values (2, 2, now())", "event 2 of stream 'a', type 'thing_happened', stands at a number that was passed as gone" },
        { "passed-gaps-empty", "insert into recs.recs_late_events values (2, 'Counting:All', now())", "event 2 came too late for shard 'Counting:All'" },
        { "log-time-monotonic", "insert into recs.recs_log_time values (1, '2020-01-02'), (2, '2020-01-01')", "position 1 was recorded at" },
        { "import-checkpoints-consistent", "insert into recs.recs_import_checkpoints values ('ml', 5, 10, 3, 1, now())", "import 'ml' is at 5 of 10, with 3 stored and 1 known already" },
        { "progress-not-past-mark", "update recs.mt_event_progression set last_seq_id = 9 where name = 'Counting:All'", "'Counting:All' is at 9, past the high-water mark 3" },
        { "read-model-equals-fold:Counting", "update Counting set n = n + 1", "Counting: the row (a,3,3) is given by a fresh fold but not stored" },
    };

    [Theory]
    [MemberData(nameof(Damage))]
    public async Task Damage_is_found_and_named(string invariant, string sql, string detail)
    {
        await using var store = await SoundStoreAsync();
        (await CheckAsync(store)).ShouldAllBe(i => i.Held);

        await store.ExecuteAsync(sql);
        var found = (await CheckAsync(store)).Single(i => i.Name == invariant);
        found.Held.ShouldBeFalse();
        found.Detail.ShouldContain(detail);
    }

    [Fact]
    public async Task Other_rooms_add_theirs_and_one_that_cannot_be_checked_has_not_held()
    {
        await using var store = await SoundStoreAsync();
        var broken = new SqlInvariant(store.Source, "theirs", "all is well", "select no_such_column");
        var last = (await CheckAsync(store, broken))[^1];
        (last.Name, last.Held).ShouldBe(("theirs", false));
        last.Detail.ShouldContain("no_such_column");
    }

    private static async Task<IReadOnlyList<Invariant>> CheckAsync(StoreDatabase store, params IInvariant[] more)
    {
        var types = new EventTypes().Map("thing_happened", JsonTypeInfo.CreateJsonTypeInfo<object>(new() { TypeInfoResolver = new DefaultJsonTypeInfoResolver() }));
        var found = new List<Invariant>();
        await foreach (var invariant in new LogInvariants(store.Source, store.Options, types, [new CountingProjection()], more).RunAsync()) found.Add(invariant);
        return found;
    }

    private static async Task<StoreDatabase> SoundStoreAsync()
    {
        var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync(CountingProjection.CreateTable());
        await using var writer = await ForeignWriter.OpenAsync(store);
        for (var i = 0; i < 3; i++) await writer.AppendAsync("a");
        await new ProjectionRebuild(store.Source, store.Options, new EventTypes()).RebuildAsync(new CountingProjection());
        return store;
    }
}
