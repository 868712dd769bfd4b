using Npgsql;
using Recs.EventStore.Importing;
using Shouldly;

namespace Recs.EventStore.Tests.Importing;

public sealed class KilledImportTests
{
    [Fact]
    public async Task Killed_ten_times_it_ends_with_the_log_of_an_import_that_was_never_killed()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var undisturbed = await StoreDatabase.CreateAsync();
        var random = new Random(20);
        var resumedFrom = new List<long>();
        ImportResult? result = null;

        for (var attempt = 0; result is null; attempt++)
        {
            // The connections die as they do with a process that is killed: anywhere between two ranges or in the middle of one.
            var killAt = attempt < 10 ? random.Next(attempt * 400, 400 + attempt * 450) : long.MaxValue;
            var input = new ImportInput(ImportInput.Of(6000).Events) { Reading = position => { if (position >= killAt) Kill(store); } };
            try
            {
                result = await new BulkImport(store.Source, store.Options).RunAsync(input, rangeSize: 100);
            }
            catch (NpgsqlException)
            {
                store.Source.Clear();
                await store.ShouldBeSoundAsync();
                var stored = await store.CountAsync();
                (await store.LinesAsync("select coalesce(max(position), 0)::text from recs.recs_import_checkpoints")).ShouldBe([$"{stored}"]);
                resumedFrom.Add(stored);
            }
        }

        await new BulkImport(undisturbed.Source, undisturbed.Options).RunAsync(ImportInput.Of(6000));
        result.Progress.ShouldBe(new ImportProgress(6000, 6000, 6000, 0));
        result.ResumedFrom.ShouldBe(resumedFrom[^1]);
        resumedFrom.Distinct().Count().ShouldBeGreaterThan(3);
        (await store.EventsInOrderAsync()).ShouldBe(await undisturbed.EventsInOrderAsync());
        (await store.StreamsAsync()).ShouldBe(await undisturbed.StreamsAsync());
    }

    [Fact]
    public async Task A_cancelled_import_leaves_a_prefix_and_goes_on_from_there()
    {
        await using var store = await StoreDatabase.CreateAsync();
        using var cancel = new CancellationTokenSource();
        var input = new ImportInput(ImportInput.Of(3000).Events) { Reading = position => { if (position >= 1500) cancel.Cancel(); } };
        var import = new BulkImport(store.Source, store.Options);

        await Should.ThrowAsync<OperationCanceledException>(() => import.RunAsync(input, rangeSize: 100, cancel: cancel.Token));
        var stored = await store.CountAsync();
        var resumed = await import.RunAsync(ImportInput.Of(3000), rangeSize: 100);

        resumed.ResumedFrom.ShouldBe(stored);
        resumed.Progress.ShouldBe(new ImportProgress(3000, 3000, 3000, 0));
        (await store.LinesAsync("select id::text from recs.mt_events order by seq_id")).ShouldBe(ImportInput.Of(3000).Events.Select(e => e.Event.Id.ToString()));
        await store.ShouldBeSoundAsync();
    }

    private static void Kill(StoreDatabase store)
    {
        using var killer = NpgsqlDataSource.Create(store.ConnectionString + ";Pooling=false");
        using var command = killer.CreateCommand(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");
        command.ExecuteNonQuery();
    }
}
