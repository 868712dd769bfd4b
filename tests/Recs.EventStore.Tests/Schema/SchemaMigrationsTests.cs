using Recs.EventStore.Schema;
using Recs.Testing;
using Shouldly;

namespace Recs.EventStore.Tests.Schema;

public sealed class SchemaMigrationsTests
{
    private static readonly EventStoreOptions Options = new();

    [Fact]
    public async Task Each_file_is_applied_once_and_in_order()
    {
        await using var database = await TestDatabase.CreateAsync();

        var first = await SchemaMigrations.ApplyAsync(database.Source, Options, [typeof(EventStoreOptions).Assembly]);
        var second = await SchemaMigrations.ApplyAsync(database.Source, Options, [typeof(EventStoreOptions).Assembly]);

        first.Take(2).ShouldBe(["db/0001-events.sql", "db/0002-recs-tables.sql"]);
        first.ShouldBeInOrder(SortDirection.Ascending, StringComparer.Ordinal);
        second.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nodes_that_start_together_apply_each_file_once()
    {
        await using var database = await TestDatabase.CreateAsync();

        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            SchemaMigrations.ApplyAsync(database.Source, Options, [typeof(EventStoreOptions).Assembly])));

        applied.Count(files => files.Count > 0).ShouldBe(1);
    }

    [Fact]
    public async Task A_file_that_changed_after_it_was_applied_is_refused_by_name()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("update recs.recs_migrations set sha256 = 'other' where name = 'db/0001-events.sql'");

        var refusal = await Should.ThrowAsync<InvalidOperationException>(() =>
            SchemaMigrations.ApplyAsync(store.Source, store.Options, [typeof(EventStoreOptions).Assembly]));

        refusal.Message.ShouldContain("db/0001-events.sql");
    }

    [Fact]
    public async Task Another_schema_holds_another_log()
    {
        await using var store = await StoreDatabase.CreateAsync();

        await SchemaMigrations.ApplyAsync(store.Source, new() { Schema = "other" }, [typeof(EventStoreOptions).Assembly]);

        (await store.ScalarAsync<long>("select count(*) from pg_tables where tablename = 'mt_events'")).ShouldBe(2);
    }
}
