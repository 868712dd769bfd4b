using Npgsql;
using Recs.EventStore.Appending;
using Recs.EventStore.Importing;
using Shouldly;

namespace Recs.EventStore.Tests.Importing;

public sealed class BulkImportTests
{
    [Fact]
    public async Task The_log_is_the_same_as_after_appending_one_by_one()
    {
        await using var imported = await StoreDatabase.CreateAsync();
        await using var appended = await StoreDatabase.CreateAsync();
        var input = ImportInput.Of(1000);

        var result = await new BulkImport(imported.Source, imported.Options).RunAsync(input, rangeSize: 70);
        await using (var appender = new EventAppender(appended.Source, appended.Options))
            foreach (var e in input.Events) await appender.AppendAsync(AppendRequest.One(e.StreamId, e.Event));

        result.Progress.ShouldBe(new ImportProgress(1000, 1000, 1000, 0));
        result.InParallel.ShouldBeTrue();
        (await imported.EventsInOrderAsync()).ShouldBe(await appended.EventsInOrderAsync());
        (await imported.StreamsAsync()).ShouldBe(await appended.StreamsAsync());
        await imported.ShouldBeSoundAsync();
    }

    [Fact]
    public async Task Events_stand_in_the_log_in_the_order_of_the_input()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var input = ImportInput.Of(2000);

        await new BulkImport(store.Source, store.Options).RunAsync(input, workers: 4, rangeSize: 50);

        (await store.LinesAsync("select id::text from recs.mt_events order by seq_id")).ShouldBe(input.Events.Select(e => e.Event.Id.ToString()));
    }

    [Fact]
    public async Task A_second_run_adds_nothing_and_counts_duplicates()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var import = new BulkImport(store.Source, store.Options);
        var input = ImportInput.Of(500);
        await import.RunAsync(input, rangeSize: 90);

        await import.RestartAsync([input.Key]);
        var second = await import.RunAsync(input, rangeSize: 130);

        second.Progress.ShouldBe(new ImportProgress(500, 500, 0, 500));
        (await store.CountAsync()).ShouldBe(500);
        await store.ShouldBeSoundAsync();
    }

    [Fact]
    public async Task A_finished_import_that_is_not_restarted_returns_its_counts()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var import = new BulkImport(store.Source, store.Options);
        await import.RunAsync(ImportInput.Of(100));

        var again = await import.RunAsync(ImportInput.Of(100));

        (again.ResumedFrom, again.Progress).ShouldBe((100, new ImportProgress(100, 100, 100, 0)));
    }

    [Fact]
    public async Task Another_input_beside_it_continues_the_streams_and_skips_what_both_hold()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var import = new BulkImport(store.Source, store.Options);
        await import.RunAsync(ImportInput.Of(300), rangeSize: 40);

        var other = await import.RunAsync(ImportInput.Of(300, firstNumber: 200, key: "other"), rangeSize: 64);

        other.Progress.ShouldBe(new ImportProgress(300, 300, 200, 100));
        await store.ShouldBeSoundAsync();
    }

    [Fact]
    public async Task Ids_that_lie_far_apart_in_a_full_log_are_looked_up_one_by_one()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var import = new BulkImport(store.Source, store.Options);
        await import.RunAsync(ImportInput.Of(300));
        var few = new ImportInput([ImportInput.Event(0, "s-0"), ImportInput.Event(299, "s-0"), ImportInput.Event(1000, "s-0")], "few");

        (await import.RunAsync(few)).Progress.ShouldBe(new ImportProgress(3, 3, 1, 2));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(7)]
    public async Task An_event_that_the_input_holds_twice_is_stored_once(int rangeSize)
    {
        await using var store = await StoreDatabase.CreateAsync();
        var twice = new ImportInput([.. ImportInput.Of(60).Events, .. ImportInput.Of(60).Events.Reverse()]);

        var result = await new BulkImport(store.Source, store.Options).RunAsync(twice, rangeSize: rangeSize);

        (result.Progress.Stored, result.Progress.Duplicates).ShouldBe((60, 60));
        (await store.CountAsync()).ShouldBe(60);
        await store.ShouldBeSoundAsync();
    }

    [Fact]
    public async Task A_stream_whose_row_has_no_version_yet_starts_at_one()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("insert into recs.mt_streams (id, version) values ('s-bare', null)");

        await new BulkImport(store.Source, store.Options).RunAsync(new ImportInput([ImportInput.Event(1, "s-bare")]));

        (await store.ScalarAsync<long>("select version from recs.mt_events where stream_id = 's-bare'")).ShouldBe(1);
    }

    [Fact]
    public async Task Side_rows_commit_with_their_ranges()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("create table sides (first bigint, past bigint)");
        var input = new ImportInput(ImportInput.Of(250).Events)
        {
            Sides = (from, to) => [new SideRow("insert into sides values ($1, $2)", [new NpgsqlParameter { Value = from }, new NpgsqlParameter { Value = to }])],
        };

        await new BulkImport(store.Source, store.Options).RunAsync(input, rangeSize: 100);

        (await store.LinesAsync("select first || '-' || past from sides order by first")).ShouldBe(["0-100", "100-200", "200-250"]);
    }

    [Fact]
    public async Task A_side_row_that_fails_takes_its_range_with_it()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var input = new ImportInput(ImportInput.Of(250).Events) { Sides = (from, _) => from == 100 ? [new SideRow("select 1/0", [])] : [] };

        await Should.ThrowAsync<PostgresException>(() => new BulkImport(store.Source, store.Options).RunAsync(input, rangeSize: 100));

        (await store.CountAsync()).ShouldBe(100);
        await store.ShouldBeSoundAsync();
    }

    [Fact]
    public async Task An_archived_stream_is_named_and_its_range_is_not_stored()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var import = new BulkImport(store.Source, store.Options);
        await import.RunAsync(new ImportInput([ImportInput.Event(1, "s-archived")], "before"));
        await store.ExecuteAsync("select recs.mt_archive_stream('s-archived')");
        var input = new ImportInput([.. ImportInput.Of(30, firstNumber: 100).Events, ImportInput.Event(2, "s-archived")]);

        (await Should.ThrowAsync<StreamArchivedException>(() => import.RunAsync(input))).StreamId.ShouldBe("s-archived");

        (await store.CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task One_input_is_imported_by_one_process_at_a_time()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var import = new BulkImport(store.Source, store.Options);
        Task<ImportResult>? meanwhile = null;
        var input = new ImportInput(ImportInput.Of(20).Events) { Reading = _ => (meanwhile ??= import.RunAsync(ImportInput.Of(20))).ContinueWith(_ => { }, TaskScheduler.Default).Wait(TimeSpan.FromSeconds(20)) };

        await import.RunAsync(input);

        (await Should.ThrowAsync<InvalidOperationException>(() => meanwhile!)).Message.ShouldContain("'input' is being run by another process");
    }

    [Fact]
    public async Task The_time_of_each_range_can_be_found_in_the_log()
    {
        await using var store = await StoreDatabase.CreateAsync();

        await new BulkImport(store.Source, store.Options).RunAsync(ImportInput.Of(250), rangeSize: 100);

        (await store.LinesAsync("select seq_id::text from recs.recs_log_time order by seq_id")).ShouldBe(["1", "101", "201"]);
        (await store.Reader.PositionAtAsync(DateTimeOffset.UtcNow)).ShouldBe(250);
    }

    [Fact]
    public async Task Progress_rises_to_the_total()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var seen = new SeenProgress();

        await new BulkImport(store.Source, store.Options).RunAsync(ImportInput.Of(250), seen, rangeSize: 100);

        seen.Positions.ShouldBe([100L, 200L, 250L]);
    }

    [Fact]
    public async Task Nothing_to_import_is_no_error()
    {
        await using var store = await StoreDatabase.CreateAsync();

        (await new BulkImport(store.Source, store.Options).RunAsync(ImportInput.Of(0))).Progress.ShouldBe(new ImportProgress(0, 0, 0, 0));
    }

    private sealed class SeenProgress : IProgress<ImportProgress>
    {
        public List<long> Positions { get; } = [];
        public void Report(ImportProgress value) => Positions.Add(value.Position);
    }
}
