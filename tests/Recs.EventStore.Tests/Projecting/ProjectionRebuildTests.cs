using Recs.EventStore.Evolving;
using Recs.EventStore.Projecting;
using Recs.EventStore.Tests.Following;
using Shouldly;

namespace Recs.EventStore.Tests.Projecting;

public sealed class ProjectionRebuildTests
{
    [Fact]
    public async Task A_rebuild_replaces_rows_and_progress_and_a_running_shard_goes_on_from_there()
    {
        await using var store = await CountedStoreAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        for (var i = 0; i < 20; i++) await writer.AppendAsync("s" + i % 3);
        await using var node = await RunningDaemon.StartAsync(store, new CountingProjection());
        await node.WaitForAsync(20);
        await store.ExecuteAsync("update Counting set n = 99");

        (await Rebuild(store).RebuildAsync(new CountingProjection())).ShouldBe((20, 20));
        await node.WaitForAsync(await writer.AppendAsync("s0"));
        (await store.LinesAsync("select stream || ' ' || n from Counting order by stream")).ShouldBe(["s0 8", "s1 7", "s2 6"]);
    }

    [Fact]
    public async Task Verifying_names_the_first_row_that_differs()
    {
        await using var store = await CountedStoreAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        for (var i = 0; i < 5; i++) await writer.AppendAsync("a");
        await Rebuild(store).RebuildAsync(new CountingProjection());
        await writer.AppendAsync("a"); // past the progress, so not its affair
        (await Rebuild(store).VerifyAsync(new CountingProjection())).ShouldBeNull();

        await store.ExecuteAsync("update Counting set n = 6");
        (await Rebuild(store).VerifyAsync(new CountingProjection())).ShouldBe("Counting: the row (a,5,5) is given by a fresh fold but not stored (through position 5)");
    }

    [Fact]
    public async Task Verifying_beside_a_rebuild_sees_the_tables_before_it_or_after_it_and_never_empty()
    {
        await using var store = await CountedStoreAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        for (var i = 0; i < 5; i++) await writer.AppendAsync("a");
        await Rebuild(store).RebuildAsync(new CountingProjection());
        await writer.RunAsync("begin; truncate Counting; insert into Counting values ('a', 5, 5)");

        var verifying = Rebuild(store).VerifyAsync(new CountingProjection());
        await Until.Holds(async () => await store.ScalarAsync<bool>(
            "select exists (select from pg_locks where not granted and relation = 'Counting'::regclass)"), "the check waits for the table");
        await writer.RunAsync("commit");
        (await verifying).ShouldBeNull();
    }

    [Fact]
    public async Task Older_shapes_are_upcast_and_archived_streams_left_out()
    {
        await using var store = await CountedStoreAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        await writer.AppendAsync("a", "thing_happened_v1", """{"x":"poison"}""");
        await writer.AppendAsync("gone");
        await writer.RunAsync("select recs.mt_archive_stream('gone')");
        var types = new EventTypes().Upcast("thing_happened_v1", "thing_happened", _ => "{}"u8.ToArray());
        await new ProjectionRebuild(store.Source, store.Options, types).RebuildAsync(new CountingProjection());
        (await store.LinesAsync("select stream || ' ' || n from Counting")).ShouldBe(["a 1"]);
    }

    [Fact]
    public async Task An_event_that_cannot_be_folded_is_named_and_the_tables_stay()
    {
        await using var store = await CountedStoreAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        await writer.AppendAsync("a");
        await Rebuild(store).RebuildAsync(new CountingProjection());
        await writer.AppendAsync("bad", data: """{"x":"poison"}""");
        (await Should.ThrowAsync<InvalidDataException>(() => Rebuild(store).RebuildAsync(new CountingProjection())))
            .Message.ShouldContain("Event 2 of stream 'bad', type 'thing_happened', cannot be folded");
        (await store.LinesAsync("select stream || ' ' || n from Counting")).ShouldBe(["a 1"]);
    }

    [Fact]
    public async Task Large_bodies_and_many_rows_come_whole_through_the_copy_stream()
    {
        await using var store = await CountedStoreAsync();
        await store.ExecuteAsync(
            """
            insert into recs.mt_streams (id, version) values ('s', 3000);
            insert into recs.mt_events (seq_id, id, stream_id, version, data, type, timestamp)
            select nextval('recs.mt_events_sequence'), gen_random_uuid(), 's', n, jsonb_build_object('x', repeat('y', (n * 7919) % 5000 + case when n = 1500 then 3000000 else 0 end)), 'thing_happened', now()
            from generate_series(1, 3000) n
            """);
        (await Rebuild(store).RebuildAsync(new CountingProjection())).ShouldBe((3000, 3000));
        (await store.LinesAsync("select stream || ' ' || n from Counting")).ShouldBe(["s 3000"]);
    }

    private static ProjectionRebuild Rebuild(StoreDatabase store) => new(store.Source, store.Options, new EventTypes());

    private static async Task<StoreDatabase> CountedStoreAsync()
    {
        var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync(CountingProjection.CreateTable());
        return store;
    }
}
