using System.Diagnostics.Metrics;
using Npgsql;
using Recs.EventStore.Projecting;
using Recs.EventStore.Tests.Following;
using Shouldly;

namespace Recs.EventStore.Tests.Projecting;

public sealed class ProjectionDaemonTests
{
    [Fact]
    public async Task What_is_appended_is_folded_and_its_progress_commits_with_it()
    {
        await using var store = await CountedStoreAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        for (var i = 0; i < 3; i++) await writer.AppendAsync("a");
        await using var node = await RunningDaemon.StartAsync(store, new CountingProjection());
        await node.WaitForAsync(3);
        await writer.AppendAsync("b", "something_else");
        await writer.AppendAsync("b");
        await node.WaitForAsync(5);

        (await RowsAsync(store)).ShouldBe(["a 3 3", "b 1 5"]);
        (await ProgressAsync(store)).ShouldBe(5);
        node.Health().ShouldBe(new("Counting", ShardState.Running, 5, 5, 0, null));
    }

    [Fact]
    public async Task A_projection_that_lets_events_gather_folds_few_batches()
    {
        await using var store = await CountedStoreAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        var batches = 0;
        var projection = new CountingProjection { BatchEvery = TimeSpan.FromMilliseconds(300), Before = (_, _) => Task.FromResult(Interlocked.Increment(ref batches)) };
        var started = System.Diagnostics.Stopwatch.StartNew();
        await using var node = await RunningDaemon.StartAsync(store, projection);
        for (var i = 1; i <= 40; i++)
        {
            await writer.AppendAsync("a");
            node.Mark.Nudge(i);
            await Eventually.TrueAsync(() => node.Mark.Current >= i, "the mark saw the event"); // a batch for each of them would be possible
        }
        await node.WaitForAsync(40);
        (await RowsAsync(store)).ShouldBe(["a 40 40"]);
        batches.ShouldBeLessThanOrEqualTo(1 + (int)(started.ElapsedMilliseconds / 300));
    }

    [Fact]
    public async Task A_stretch_without_its_types_is_passed_and_soon_written_down()
    {
        await using var store = await CountedStoreAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        await using var node = await RunningDaemon.StartAsync(store, new CountingProjection());
        for (var i = 0; i < 4; i++) await writer.AppendAsync("a", "something_else");
        await node.WaitForAsync(4);
        await Eventually.TrueAsync(async () => await ProgressAsync(store) == 4, "the progress row moved");
    }

    [Fact]
    public async Task A_backend_killed_in_the_middle_of_a_batch_leaves_neither_rows_nor_progress_and_the_batch_is_folded_once()
    {
        await using var store = await CountedStoreAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        for (var i = 0; i < 10; i++) await writer.AppendAsync("a");
        var kills = 3;
        var projection = new CountingProjection
        {
            Before = async (_, connection) =>
            {
                if (Interlocked.Decrement(ref kills) < 0) return;
                await using (var half = new NpgsqlCommand("insert into Counting values ('half', 1, 1)", connection)) await half.ExecuteNonQueryAsync();
                await writer.RunAsync($"select pg_terminate_backend({connection.ProcessID})");
            },
        };
        await using var node = await RunningDaemon.StartAsync(store, projection);
        await node.WaitForAsync(10);
        (await RowsAsync(store)).ShouldBe(["a 10 10"]);
        (await ProgressAsync(store)).ShouldBe(10);
    }

    [Fact]
    public async Task A_poison_event_stops_its_shard_with_a_clear_reason_and_no_other()
    {
        await using var store = await CountedStoreAsync();
        await store.ExecuteAsync(CountingProjection.CreateTable("Tolerant"));
        await using var writer = await ForeignWriter.OpenAsync(store);
        for (var i = 0; i < 5; i++) await writer.AppendAsync("a");
        await writer.AppendAsync("bad", data: """{"x":"poison"}""");
        await writer.AppendAsync("a", "other_happened");
        await using var node = await RunningDaemon.StartAsync(store, new CountingProjection(), new CountingProjection("Tolerant", "other_happened"));

        var stopped = await Should.ThrowAsync<ShardStoppedException>(() => node.WaitForAsync(7));
        stopped.Message.ShouldContain("event 6 of stream 'bad', type 'thing_happened' cannot be folded: FormatException: This event is poison.");
        (node.Health().State, node.Health().Sequence).ShouldBe((ShardState.Stopped, 5));
        (await RowsAsync(store)).ShouldBe(["a 5 5"]);
        await Eventually.TrueAsync(() => node.Health("Tolerant").Sequence == 7, "the other shard went on");
    }

    [Fact]
    public async Task A_shard_that_is_far_behind_catches_up_by_one_fold_and_then_follows_in_batches()
    {
        await using var store = await CountedStoreAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        for (var i = 0; i < 30; i++) await writer.AppendAsync("a");
        var batches = new List<int>();
        var projection = new CountingProjection
        {
            Before = (events, _) =>
            {
                batches.Add(events.Count);
                return Task.CompletedTask;
            },
        };
        await using var node = await RunningDaemon.StartAsync(store, rebuildPast: 20, projection);
        await node.WaitForAsync(30);
        batches.ShouldBeEmpty();
        await node.WaitForAsync(await writer.AppendAsync("a"));
        (await RowsAsync(store)).ShouldBe(["a 31 31"]);
        batches.ShouldBe([1]);
    }

    [Fact]
    public async Task Poison_far_ahead_stops_a_shard_that_catches_up_right_before_it()
    {
        await using var store = await CountedStoreAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        for (var i = 0; i < 30; i++) await writer.AppendAsync("a");
        await writer.AppendAsync("bad", data: """{"x":"poison"}""");
        await using var node = await RunningDaemon.StartAsync(store, rebuildPast: 20, new CountingProjection());
        await Should.ThrowAsync<ShardStoppedException>(() => node.WaitForAsync(31));
        (await RowsAsync(store)).ShouldBe(["a 30 30"]);
    }

    [Fact]
    public async Task A_row_that_cannot_be_written_stops_a_shard_that_catches_up_right_before_its_event()
    {
        await using var store = await CountedStoreAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        for (var i = 0; i < 30; i++) await writer.AppendAsync("a");
        await writer.AppendAsync("unwritable");
        await using var node = await RunningDaemon.StartAsync(store, rebuildPast: 20, new CountingProjection());
        (await Should.ThrowAsync<ShardStoppedException>(() => node.WaitForAsync(31)))
            .Message.ShouldContain("event 31 of stream 'unwritable', type 'thing_happened' cannot be folded: FormatException: This row cannot be written.");
        (await RowsAsync(store)).ShouldBe(["a 30 30"]);
    }

    [Fact]
    public async Task Two_nodes_never_run_one_shard_and_the_standby_takes_over()
    {
        await using var store = await CountedStoreAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        var first = await RunningDaemon.StartAsync(store, new CountingProjection());
        await Eventually.TrueAsync(() => first.Health().State == ShardState.Running, "the first node leads");
        await using var second = await RunningDaemon.StartAsync(store, new CountingProjection());
        for (var i = 1; i <= 5; i++) await first.WaitForAsync(await writer.AppendAsync("a"));
        second.Health().State.ShouldBe(ShardState.Standby);
        await second.WaitForAsync(5); // a standby knows what the leader wrote

        await first.DisposeAsync();
        await second.WaitForAsync(await writer.AppendAsync("a"));
        second.Health().State.ShouldBe(ShardState.Running);
        (await RowsAsync(store)).ShouldBe(["a 6 6"]);
    }

    [Fact]
    public async Task A_node_whose_progress_row_was_moved_by_somebody_else_is_fenced_and_starts_over_from_there()
    {
        await using var store = await CountedStoreAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        await using var node = await RunningDaemon.StartAsync(store, new CountingProjection());
        await writer.AppendAsync("a");
        await node.WaitForAsync(1);

        await writer.RunAsync("begin; update recs.mt_event_progression set last_seq_id = 3 where name = 'Counting:All'");
        await writer.InsertAsync(await writer.DrawAsync(), "skipped");
        await writer.InsertAsync(await writer.DrawAsync(), "skipped");
        await writer.InsertAsync(await writer.DrawAsync(), "b");
        await writer.RunAsync("commit");
        await node.WaitForAsync(4);
        (await RowsAsync(store)).ShouldBe(["a 1 1", "b 1 4"]);
    }

    [Fact]
    public async Task An_event_that_came_too_late_stops_the_shard_over_restarts_until_it_is_rebuilt()
    {
        await using var store = await CountedStoreAsync();
        await using var rich = await ForeignWriter.OpenAsync(store);
        await rich.DrawAsync();
        await rich.AppendAsync("a");
        await using (var node = await RunningDaemon.StartAsync(store, new CountingProjection()))
        {
            await node.WaitForAsync(2);
            await rich.InsertAsync(1, "rich");
            await Eventually.TrueAsync(() => node.Health().State == ShardState.Stopped, "the shard stopped");
            node.Health().Reason.ShouldBe(
                "event 1 of stream 'rich', type 'thing_happened', turned up at a number that had been passed as gone. Rebuild the projection to fold it in.");
        }
        await using var again = await RunningDaemon.StartAsync(store, new CountingProjection());
        await Eventually.TrueAsync(() => again.Health().State == ShardState.Stopped, "the shard is still stopped");

        await new ProjectionRebuild(store.Source, store.Options, new()).RebuildAsync(new CountingProjection());
        await Eventually.TrueAsync(() => again.Health().State == ShardState.Running, "the shard runs again");
        await again.WaitForAsync(await rich.AppendAsync("a"));
        (await RowsAsync(store)).ShouldBe(["a 2 3", "rich 1 1"]);
    }

    [Fact]
    public async Task Lag_and_mark_are_shown_as_metrics()
    {
        await using var store = await CountedStoreAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        await writer.AppendAsync("a");
        await using var node = await RunningDaemon.StartAsync(store, new CountingProjection("Counting", "thing_happened"));
        await node.WaitForAsync(1);
        var seen = new HashSet<string>();
        using var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Meter.Name == "Recs.EventStore") l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<long>((i, _, _, _) => seen.Add(i.Name));
        listener.SetMeasurementEventCallback<double>((i, _, _, _) => seen.Add(i.Name));
        listener.SetMeasurementEventCallback<int>((i, _, _, _) => seen.Add(i.Name));
        listener.Start();
        listener.RecordObservableInstruments();
        seen.ShouldContain("recs_projection_lag_events");
        seen.ShouldContain("recs_projection_lag_seconds");
        seen.ShouldContain("recs_high_water_mark");
        seen.ShouldContain("recs_gaps_skipped_total");
    }

    private static async Task<StoreDatabase> CountedStoreAsync()
    {
        var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync(CountingProjection.CreateTable());
        return store;
    }

    private static Task<IReadOnlyList<string>> RowsAsync(StoreDatabase store) => store.LinesAsync("select stream || ' ' || n || ' ' || last from Counting order by stream");

    private static Task<long> ProgressAsync(StoreDatabase store) => store.ScalarAsync<long>("select last_seq_id from recs.mt_event_progression where name = 'Counting:All'");
}
