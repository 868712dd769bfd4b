using Recs.EventStore.Following;
using Shouldly;

namespace Recs.EventStore.Tests.Following;

public sealed class HighWaterMarkTests
{
    [Fact]
    public async Task It_rises_over_what_is_appended()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        await writer.AppendAsync();
        await using var mark = await FollowAsync(store);
        mark.Current.ShouldBe(1);
        await writer.AppendAsync();
        (await Eventually.InTimeAsync(mark.WaitPastAsync(1))).ShouldBe(2);
    }

    [Fact]
    public async Task A_slow_writer_that_holds_a_lower_number_is_never_skipped()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var slow = await ForeignWriter.OpenAsync(store);
        await using var fast = await ForeignWriter.OpenAsync(store);
        await slow.RunAsync("begin");
        var held = await slow.DrawAsync();
        for (var i = 0; i < 5; i++) await fast.AppendAsync();

        await using var mark = await FollowAsync(store);
        await Eventually.TrueAsync(() => mark.Health.WaitingFor is not null, "the mark says whom it waits for");
        mark.Current.ShouldBe(held - 1);
        await slow.InsertAsync(held, "slow");
        mark.Current.ShouldBe(held - 1);
        await slow.RunAsync("commit");
        (await Eventually.InTimeAsync(mark.WaitPastAsync(held + 4))).ShouldBe(held + 5);
        mark.Health.Skipped.ShouldBe(0);
    }

    [Fact]
    public async Task Writers_that_come_after_the_gap_was_noted_do_not_hold_it_up()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var slow = await ForeignWriter.OpenAsync(store);
        await using var fast = await ForeignWriter.OpenAsync(store);
        await using var later = await ForeignWriter.OpenAsync(store);
        await slow.RunAsync("begin");
        await slow.DrawAsync();
        await fast.AppendAsync();
        await using var mark = await FollowAsync(store);
        await Eventually.TrueAsync(() => mark.Health.WaitingFor is not null, "the gap was noted");

        await later.RunAsync("begin");
        await later.DrawAsync();
        await slow.RunAsync("rollback");
        (await Eventually.InTimeAsync(mark.WaitPastAsync(1))).ShouldBe(2);
    }

    [Fact]
    public async Task A_number_that_a_rolled_back_transaction_burnt_is_passed_and_kept()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        await writer.AppendAsync();
        await writer.RunAsync("begin");
        await writer.DrawAsync();
        await writer.DrawAsync();
        await writer.RunAsync("rollback");
        await writer.AppendAsync();

        await using var mark = await FollowAsync(store);
        mark.Current.ShouldBe(4);
        mark.Health.Skipped.ShouldBe(2);
        (await store.LinesAsync("select first_seq || '-' || last_seq from recs.recs_gaps")).ShouldBe(["2-3"]);
        (await store.ScalarAsync<long>("select last_seq_id from recs.mt_event_progression where name = 'HighWaterMark'")).ShouldBe(4);
    }

    [Fact]
    public async Task An_idle_transaction_that_drew_nothing_does_not_stall_it()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var idle = await ForeignWriter.OpenAsync(store);
        await idle.RunAsync("begin; insert into recs.mt_streams (id, version) values ('idle', 0)");
        await using var writer = await ForeignWriter.OpenAsync(store);
        await writer.RunAsync("begin");
        await writer.DrawAsync();
        await writer.RunAsync("rollback");
        await writer.AppendAsync();
        await using var mark = await FollowAsync(store);
        mark.Current.ShouldBe(2);
    }

    [Fact]
    public async Task A_prepared_transaction_is_waited_for_also_when_it_was_noted_before_it_was_prepared()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var slow = await ForeignWriter.OpenAsync(store);
        await using var fast = await ForeignWriter.OpenAsync(store);
        await slow.RunAsync("begin");
        var held = await slow.DrawAsync();
        await slow.InsertAsync(held, "slow");
        await fast.AppendAsync();
        await using var mark = await FollowAsync(store);
        await Eventually.TrueAsync(() => mark.Health.WaitingFor?.StartsWith("backend", StringComparison.Ordinal) == true, "the backend was noted");

        var name = "p" + Guid.NewGuid().ToString("N");
        await slow.RunAsync($"prepare transaction '{name}'");
        await Eventually.TrueAsync(() => mark.Health.WaitingFor?.StartsWith("prepared", StringComparison.Ordinal) == true, "the prepared transaction is awaited");
        mark.Current.ShouldBe(held - 1);
        await slow.RunAsync($"commit prepared '{name}'");
        (await Eventually.InTimeAsync(mark.WaitPastAsync(held))).ShouldBe(held + 1);
        mark.Health.Skipped.ShouldBe(0);
    }

    [Fact]
    public async Task An_event_at_a_passed_number_is_reported_and_taken_out_of_the_gap()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var rich = await ForeignWriter.OpenAsync(store);
        for (var i = 0; i < 3; i++) await rich.DrawAsync(); // each in a transaction of its own, as Marten's Rich mode draws
        await rich.AppendAsync();
        await store.ExecuteAsync("insert into recs.mt_event_progression (name, last_seq_id) values ('Ahead:All', 4), ('Behind:All', 1), ('HighWaterAllocationFence', 9)");
        await using var mark = new HighWaterMark(store.Source, store.Options);
        var late = new TaskCompletionSource<LateEvent>();
        mark.Late += late.SetResult;
        await mark.StartAsync();
        mark.Current.ShouldBe(4);

        await rich.InsertAsync(2, "rich");
        (await Eventually.InTimeAsync(late.Task)).ShouldBe(new LateEvent(2, "rich", "thing_happened"));
        (await store.LinesAsync("select first_seq || '-' || last_seq from recs.recs_gaps order by first_seq")).ShouldBe(["1-1", "3-3"]);
        (await store.LinesAsync("select seq_id || ' ' || shard from recs.recs_late_events")).ShouldBe(["2 Ahead:All"]);
    }

    [Fact]
    public async Task Martens_fillers_at_passed_numbers_are_no_late_events()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var rich = await ForeignWriter.OpenAsync(store);
        await rich.DrawAsync();
        await rich.AppendAsync();
        await store.ExecuteAsync("insert into recs.mt_event_progression (name, last_seq_id) values ('Ahead:All', 2)");
        await using var mark = await FollowAsync(store);
        await rich.InsertAsync(1, "mt_tombstone", "tombstone");
        await Eventually.TrueAsync(async () => await store.ScalarAsync<long>("select count(*) from recs.recs_gaps") == 0, "the number was taken out of the gap");
        (await store.ScalarAsync<long>("select count(*) from recs.recs_late_events")).ShouldBe(0);
    }

    [Fact]
    public async Task A_restart_goes_on_from_the_mark_that_was_written_down()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        await writer.AppendAsync();
        await (await FollowAsync(store)).DisposeAsync();
        (await store.ScalarAsync<long>("select seq_id from recs.recs_high_water")).ShouldBe(1);
        // A Marten bulk insert may move its own row to the end of the log, past a number that is still held: it must not lead us on.
        await store.ExecuteAsync("update recs.mt_event_progression set last_seq_id = 99 where name = 'HighWaterMark'");
        await using var mark = await FollowAsync(store);
        mark.Current.ShouldBe(1);
    }

    [Fact]
    public async Task It_outlives_the_loss_of_its_connections()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var writer = await ForeignWriter.OpenAsync(store);
        await using var mark = await FollowAsync(store);
        for (var i = 1; i <= 3; i++)
        {
            await writer.RunAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
            var sequence = await writer.AppendAsync();
            mark.Nudge(sequence);
            (await Eventually.InTimeAsync(mark.WaitPastAsync(sequence - 1))).ShouldBe(sequence);
        }
    }

    [Fact]
    public async Task A_database_that_was_set_back_is_refused_with_a_clear_reason()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("insert into recs.recs_high_water (seq_id) values (10)");
        await using var mark = new HighWaterMark(store.Source, store.Options);
        (await Should.ThrowAsync<InvalidOperationException>(() => mark.StartAsync())).Message.ShouldContain("set back");
    }

    private static async Task<HighWaterMark> FollowAsync(StoreDatabase store)
    {
        var mark = new HighWaterMark(store.Source, store.Options);
        await mark.StartAsync();
        return mark;
    }
}
