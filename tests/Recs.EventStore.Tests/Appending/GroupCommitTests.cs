using Npgsql;
using Recs.EventStore.Appending;
using Shouldly;

namespace Recs.EventStore.Tests.Appending;

public sealed class GroupCommitTests
{
    [Fact]
    public async Task Concurrent_appends_share_commits_and_each_caller_gets_its_own_result()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options, writers: 1);

        AppendResult[] results;
        await using (var gate = await Gate.CloseAsync(store))
        {
            var held = appender.AppendAsync(Given.To("gate"));
            var behind = Task.WhenAll(Enumerable.Range(0, 200).Select(n => appender.AppendAsync(Given.To($"s{n}")).AsTask()));
            await gate.OpenAsync();
            await held;
            results = await behind;
        }

        results.Select(r => r.Streams.Single().StreamId).ShouldBe(Enumerable.Range(0, 200).Select(n => $"s{n}"));
        results.Select(r => r.LastSequence).ShouldBeUnique();
        (await store.ScalarAsync<long>("select count(distinct xmin::text) from recs.mt_events where stream_id <> 'gate'")).ShouldBeLessThan(10);
    }

    [Fact]
    public async Task One_callers_failure_does_not_fail_the_others_of_its_batch()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options, writers: 1);
        var known = Given.Event();
        await appender.AppendAsync(AppendRequest.One("known", known));

        Task<AppendResult> conflict, duplicate, badSide, badBody;
        Task<AppendResult>[] good;
        await using (var gate = await Gate.CloseAsync(store))
        {
            var held = appender.AppendAsync(Given.To("gate"));
            var before = Enumerable.Range(0, 20).Select(n => appender.AppendAsync(Given.To($"before{n}")).AsTask()).ToArray();
            conflict = appender.AppendAsync(Given.To("x", ExpectedVersion.Exactly(3))).AsTask();
            duplicate = appender.AppendAsync(AppendRequest.One("y", known)).AsTask();
            badSide = appender.AppendAsync(new([new("z", ExpectedVersion.Any, Given.Events(1))], [new SideRow("select 1/0", [])])).AsTask();
            badBody = appender.AppendAsync(AppendRequest.One("w", Given.Event(data: "{not json"))).AsTask();
            var after = Enumerable.Range(0, 20).Select(n => appender.AppendAsync(Given.To($"after{n}")).AsTask()).ToArray();
            good = [.. before, .. after];
            await gate.OpenAsync();
            await held;
        }

        (await Should.ThrowAsync<ConcurrencyException>(() => conflict)).StreamId.ShouldBe("x");
        (await Should.ThrowAsync<DuplicateEventException>(() => duplicate)).EventId.ShouldBe(known.Id);
        (await Should.ThrowAsync<PostgresException>(() => badSide)).SqlState.ShouldBe(PostgresErrorCodes.DivisionByZero);
        (await Should.ThrowAsync<PostgresException>(() => badBody)).SqlState.ShouldBe(PostgresErrorCodes.InvalidTextRepresentation);
        (await Task.WhenAll(good)).ShouldAllBe(r => r.Streams[0].Version == 1);
        (await store.LinesAsync("select id from recs.mt_streams where id in ('w', 'x', 'y', 'z')")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Appends_to_one_stream_that_are_not_awaited_land_in_the_order_of_their_calls()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options, writers: 4, queueCapacity: 16);

        var results = await Task.WhenAll(Enumerable.Range(0, 500).Select(n => appender.AppendAsync(Given.To($"s{n % 3}")).AsTask()));

        foreach (var stream in results.Select(r => r.Streams.Single()).GroupBy(s => s.StreamId))
            stream.Select(s => s.Version).ShouldBe(Enumerable.Range(1, stream.Count()).Select(v => (long)v));
    }

    [Fact]
    public async Task Order_decides_between_two_expectations_on_one_stream_in_one_batch()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options, writers: 1);

        var first = appender.AppendAsync(Given.To("s", ExpectedVersion.NewStream)).AsTask();
        var second = appender.AppendAsync(Given.To("s", ExpectedVersion.NewStream)).AsTask();
        var third = appender.AppendAsync(Given.To("s")).AsTask();

        (await first).Streams[0].Version.ShouldBe(1);
        (await Should.ThrowAsync<ConcurrencyException>(() => second)).Actual.ShouldBe(1);
        (await third).Streams[0].Version.ShouldBe(2);
    }

    [Fact]
    public async Task Events_of_many_streams_keep_their_arrival_order()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        string[] arrivals = [.. Enumerable.Range(0, 300).Select(n => $"s{n * 7919 % 41}")];

        var result = await appender.AppendAsync(new([.. arrivals.Select(s => new StreamAppend(s, ExpectedVersion.Any, Given.Events(1)))]));

        (await store.LinesAsync("select stream_id from recs.mt_events order by seq_id")).ShouldBe(arrivals);
        result.Streams.Select(s => s.StreamId).ShouldBe(arrivals);
        result.Streams.SelectMany(s => s.Sequences).ShouldBeInOrder(SortDirection.Ascending);
        result.Streams.Last(s => s.StreamId == "s0").Version.ShouldBe(arrivals.Count(s => s == "s0"));
    }

    [Fact]
    public async Task A_full_queue_makes_the_producer_wait()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options, writers: 1, queueCapacity: 2);

        await using (var gate = await Gate.CloseAsync(store))
        {
            var held = await appender.OfferAsync(Given.To("gate"));
            await gate.BlocksAsync();
            await appender.OfferAsync(Given.To("a"));
            var last = await appender.OfferAsync(Given.To("b"));
            var pushedBack = appender.OfferAsync(Given.To("c"));

            pushedBack.IsCompleted.ShouldBeFalse();
            await gate.OpenAsync();
            (await await pushedBack).Streams[0].Version.ShouldBe(1);
            (await last).Streams[0].Version.ShouldBe(1);
            await held;
        }
    }

    [Fact]
    public async Task Cancelling_withdraws_what_still_waits_and_leaves_what_was_taken()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options, writers: 1);
        using var cancel = new CancellationTokenSource();

        await using (var gate = await Gate.CloseAsync(store))
        {
            var taken = appender.AppendAsync(Given.To("gate"), cancel.Token).AsTask();
            await gate.BlocksAsync();
            var waiting = appender.AppendAsync(Given.To("waiting"), cancel.Token).AsTask();
            await cancel.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => waiting);
            await gate.OpenAsync();
            (await taken).Streams[0].Version.ShouldBe(1);
        }

        (await store.Reader.FindStreamAsync("waiting")).ShouldBeNull();
    }

    [Fact]
    public async Task Stopping_finishes_what_was_accepted_and_refuses_the_rest()
    {
        await using var store = await StoreDatabase.CreateAsync();
        var appender = new EventAppender(store.Source, store.Options);

        var accepted = Enumerable.Range(0, 100).Select(n => appender.AppendAsync(Given.To($"s{n}")).AsTask()).ToArray();
        await appender.DisposeAsync();

        accepted.ShouldAllBe(a => a.IsCompletedSuccessfully);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await appender.AppendAsync(Given.To("late")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    public async Task An_append_without_events_or_stream_is_refused_at_once(string stream)
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);

        await Should.ThrowAsync<ArgumentException>(async () => await appender.AppendAsync(new([new(stream, ExpectedVersion.Any, [])])));
        await Should.ThrowAsync<ArgumentException>(async () => await appender.AppendAsync(new([])));
    }
}
