using Recs.EventStore.Appending;
using Shouldly;

namespace Recs.EventStore.Tests.Appending;

public sealed class ExpectedVersionTests
{
    [Fact]
    public async Task An_append_gives_versions_and_sequences_in_order()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);

        var first = await appender.AppendAsync(Given.To("s", 3));
        var second = await appender.AppendAsync(Given.To("s", 2));

        first.Streams.Single().Version.ShouldBe(3);
        first.Streams.Single().Sequences.ShouldBe([1L, 2L, 3L]);
        second.Streams.Single().Version.ShouldBe(5);
        second.LastSequence.ShouldBe(5);
        (await store.Reader.ReadStreamAsync("s").ToListAsync()).Select(e => e.Version).ShouldBe([1L, 2L, 3L, 4L, 5L]);
    }

    [Fact]
    public async Task A_conflict_names_stream_expected_and_actual_version_and_stores_nothing()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        await appender.AppendAsync(Given.To("s", 3));

        var conflict = await Should.ThrowAsync<ConcurrencyException>(async () => await appender.AppendAsync(Given.To("s", ExpectedVersion.Exactly(2))));

        (conflict.StreamId, conflict.Expected, conflict.Actual).ShouldBe(("s", 2, 3));
        (await store.Reader.FindStreamAsync("s"))!.Version.ShouldBe(3);
        (await store.ScalarAsync<long>("select count(*) from recs.mt_events")).ShouldBe(3);
    }

    [Fact]
    public async Task The_version_that_was_expected_is_accepted()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);

        await appender.AppendAsync(Given.To("s", ExpectedVersion.NewStream, 2));
        var result = await appender.AppendAsync(Given.To("s", ExpectedVersion.Exactly(2)));

        result.Streams.Single().Version.ShouldBe(3);
    }

    [Fact]
    public async Task A_new_stream_that_exists_is_a_conflict()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        await appender.AppendAsync(Given.To("s"));

        (await Should.ThrowAsync<ConcurrencyException>(async () => await appender.AppendAsync(Given.To("s", ExpectedVersion.NewStream)))).Actual.ShouldBe(1);
    }

    [Fact]
    public async Task A_stream_expected_to_exist_that_does_not_is_a_conflict_and_is_not_created()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);

        (await Should.ThrowAsync<ConcurrencyException>(async () => await appender.AppendAsync(Given.To("s", ExpectedVersion.Exactly(4))))).Actual.ShouldBe(0);

        (await store.Reader.FindStreamAsync("s")).ShouldBeNull();
    }

    [Fact]
    public async Task A_conflict_on_one_of_several_streams_stores_none_of_them()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        await appender.AppendAsync(Given.To("b"));

        var conflict = await Should.ThrowAsync<ConcurrencyException>(async () => await appender.AppendAsync(new(
        [
            new StreamAppend("a", ExpectedVersion.NewStream, Given.Events(1)),
            new StreamAppend("b", ExpectedVersion.Exactly(7), Given.Events(1)),
        ])));

        (conflict.StreamId, conflict.Actual).ShouldBe(("b", 1));
        (await store.Reader.FindStreamAsync("a")).ShouldBeNull();
        (await store.ScalarAsync<long>("select count(*) from recs.mt_events")).ShouldBe(1);
    }

    [Fact]
    public async Task An_archived_stream_refuses_and_leaves_the_others_of_its_batch_alone()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options, writers: 1);
        await appender.AppendAsync(Given.To("old"));
        await store.ExecuteAsync("select recs.mt_archive_stream('old')");

        var (archived, other) = (appender.AppendAsync(Given.To("old")).AsTask(), appender.AppendAsync(Given.To("new")).AsTask());

        (await Should.ThrowAsync<StreamArchivedException>(() => archived)).StreamId.ShouldBe("old");
        (await other).Streams.Single().Version.ShouldBe(1);
    }
}
