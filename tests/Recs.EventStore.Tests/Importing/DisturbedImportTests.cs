using Npgsql;
using Recs.EventStore.Appending;
using Recs.EventStore.Importing;
using Shouldly;

namespace Recs.EventStore.Tests.Importing;

public sealed class DisturbedImportTests
{
    [Fact]
    public async Task Live_appends_to_its_streams_lose_nothing_and_the_import_ends()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        using var stop = new CancellationTokenSource();
        var live = Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            var count = 0;
            for (; !stop.IsCancellationRequested; count++) await appender.AppendAsync(Given.To($"s-{(count * 5 + writer) % 17}"));
            return count;
        })));

        var result = await new BulkImport(store.Source, store.Options).RunAsync(ImportInput.Of(20_000), rangeSize: 2000);
        await stop.CancelAsync();
        var appended = (await live).Sum();

        result.Progress.ShouldBe(new ImportProgress(20_000, 20_000, 20_000, 0));
        (await store.CountAsync()).ShouldBe(20_000 + appended);
        await store.ShouldBeSoundAsync();
        (await store.LinesAsync("select id::text from recs.mt_events where correlation_id = 'import:test' order by seq_id"))
            .ShouldBe(ImportInput.Of(20_000).Events.Select(e => e.Event.Id.ToString()));
    }

    [Fact]
    public async Task Where_a_range_and_a_live_append_wait_for_each_other_the_range_yields()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        Task<AppendResult>? live = null;
        var input = new ImportInput(ImportInput.Of(600).Events)
        {
            // The range has copied version 1 of s-0 and comes to the stream rows next. The append holds that row by then and waits for the version.
            Sides = (_, _) =>
            {
                if (live is not null) return [];
                live = appender.AppendAsync(Given.To("s-0")).AsTask();
                store.UntilAsync("select count(*) > 0 from pg_stat_activity where datname = current_database() and wait_event = 'transactionid'").Wait();
                return [];
            },
        };

        var result = await new BulkImport(store.Source, store.Options).RunAsync(input, rangeSize: 100);

        result.Conflicts.ShouldBeGreaterThan(0);
        (await live!).Streams.Single().Version.ShouldBe(1);
        result.Progress.Stored.ShouldBe(600);
        (await store.CountAsync()).ShouldBe(601);
        await store.ShouldBeSoundAsync();
    }

    [Fact]
    public async Task A_row_that_somebody_holds_locked_is_waited_for()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("insert into recs.mt_streams (id, version) values ('s-0', 0)");
        await using var holder = await store.Source.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("select from recs.mt_streams where id = 's-0' for update", holder)) await hold.ExecuteNonQueryAsync();

        var import = new BulkImport(store.Source, store.Options).RunAsync(ImportInput.Of(300), rangeSize: 100);
        await store.UntilAsync("select count(*) > 0 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'insert into recs.mt_streams%'");
        await transaction.RollbackAsync();

        (await import).Progress.Stored.ShouldBe(300);
        await store.ShouldBeSoundAsync();
    }

    [Fact]
    public async Task Without_the_right_to_skip_the_foreign_key_it_stores_the_same_and_says_that_it_was_slower()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var role = "r_" + Guid.NewGuid().ToString("N");
        await store.ExecuteAsync(
            $"create role {role}; grant usage on schema recs to {role}; grant all on all tables in schema recs to {role}; grant all on all sequences in schema recs to {role}");
        try
        {
            await using var source = NpgsqlDataSource.Create(store.ConnectionString + $";Options=-c role={role}");
            var import = new BulkImport(source, store.Options);

            var result = await import.RunAsync(ImportInput.Of(900), rangeSize: 100);
            await import.RestartAsync(["input"]);
            var second = await import.RunAsync(ImportInput.Of(900), rangeSize: 100);

            (result.InParallel, result.Progress).ShouldBe((false, new ImportProgress(900, 900, 900, 0)));
            second.Progress.Duplicates.ShouldBe(900);
            (await store.LinesAsync("select id::text from recs.mt_events order by seq_id")).ShouldBe(ImportInput.Of(900).Events.Select(e => e.Event.Id.ToString()));
            await store.ShouldBeSoundAsync();
        }
        finally
        {
            await store.ExecuteAsync($"drop owned by {role}; drop role {role}");
        }
    }

    [Fact]
    public async Task Numbers_that_others_draw_in_between_are_not_filled()
    {
        await using var store = await StoreDatabase.CreateAsync();
        using var stop = new CancellationTokenSource();
        var drawing = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested) await store.ScalarAsync<long>("select nextval('recs.mt_events_sequence')");
        });

        await new BulkImport(store.Source, store.Options).RunAsync(ImportInput.Of(20_000), rangeSize: 1000);
        await stop.CancelAsync();
        await drawing;

        (await store.LinesAsync("select id::text from recs.mt_events order by seq_id")).ShouldBe(ImportInput.Of(20_000).Events.Select(e => e.Event.Id.ToString()));
        await store.ShouldBeSoundAsync();
    }
}
