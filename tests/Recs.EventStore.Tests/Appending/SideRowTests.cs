using Npgsql;
using Recs.EventStore.Appending;
using Shouldly;

namespace Recs.EventStore.Tests.Appending;

public sealed class SideRowTests
{
    private static SideRow Key(string key) =>
        new("insert into keys (key) values ($1)", [new NpgsqlParameter<string> { TypedValue = key }]);

    private static async Task<StoreDatabase> WithKeysAsync()
    {
        var store = await StoreDatabase.CreateAsync();
        await store.ExecuteAsync("create table keys (key varchar primary key)");
        return store;
    }

    [Fact]
    public async Task Side_rows_commit_with_their_events()
    {
        await using var store = await WithKeysAsync();
        await using var appender = new EventAppender(store.Source, store.Options);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(n =>
            appender.AppendAsync(new([new($"s{n}", ExpectedVersion.Any, Given.Events(1))], [Key($"k{n}")])).AsTask()));

        (await store.ScalarAsync<long>("select count(*) from keys k join recs.mt_events e on e.stream_id = 's' || substr(k.key, 2) and e.xmin = k.xmin")).ShouldBe(50);
    }

    [Fact]
    public async Task A_side_row_that_fails_takes_its_events_with_it()
    {
        await using var store = await WithKeysAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        await appender.AppendAsync(new([new("s", ExpectedVersion.Any, Given.Events(1))], [Key("k")]));

        var failure = await Should.ThrowAsync<PostgresException>(async () =>
            await appender.AppendAsync(new([new("s", ExpectedVersion.Any, Given.Events(1))], [Key("k")])));

        failure.ConstraintName.ShouldBe("keys_pkey");
        (await store.Reader.FindStreamAsync("s"))!.Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_key_that_is_taken_fails_only_its_own_append_of_a_shared_commit()
    {
        await using var store = await WithKeysAsync();
        await using var appender = new EventAppender(store.Source, store.Options, writers: 1);

        Task<AppendResult>[] appends;
        await using (var gate = await Gate.CloseAsync(store))
        {
            var held = appender.AppendAsync(Given.To("gate"));
            // Every fifth has the key of the one before.
            appends = [.. Enumerable.Range(0, 40).Select(n =>
                appender.AppendAsync(new([new($"s{n}", ExpectedVersion.Any, Given.Events(1))], [Key($"k{(n % 5 == 4 ? n - 1 : n)}")])).AsTask())];
            await gate.OpenAsync();
            await held;
        }

        await Task.WhenAll(appends).ContinueWith(_ => { }, TaskScheduler.Default);
        for (var n = 0; n < 40; n++)
            if (n % 5 == 4)
                (await Should.ThrowAsync<PostgresException>(() => appends[n])).ConstraintName.ShouldBe("keys_pkey");
            else
                (await appends[n]).Streams[0].Version.ShouldBe(1);
        (await store.ScalarAsync<long>("select count(*) from recs.mt_streams where id like 's%'")).ShouldBe(32);
    }

    [Fact]
    public async Task A_side_row_can_hold_where_the_events_landed()
    {
        await using var store = await WithKeysAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        SideRow Landed(string key) => new(
            "insert into keys (key) values ($1 || ' ' || $2)", [new NpgsqlParameter<string> { TypedValue = key }],
            landed => [new NpgsqlParameter<string> { TypedValue = $"{landed.LastSequence} {landed.Streams[0].Version}" }]);

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(n =>
            appender.AppendAsync(new([new($"s{n % 3}", ExpectedVersion.Any, Given.Events(2))], [Landed($"k{n}")])).AsTask()));

        (await store.LinesAsync("select key from keys")).ShouldBe(
            results.Select((r, n) => $"k{n} {r.LastSequence} {r.Streams[0].Version}"), ignoreOrder: true);
    }

    [Fact]
    public async Task Events_that_are_refused_take_their_side_rows_with_them()
    {
        await using var store = await WithKeysAsync();
        await using var appender = new EventAppender(store.Source, store.Options);

        await Should.ThrowAsync<ConcurrencyException>(async () =>
            await appender.AppendAsync(new([new("s", ExpectedVersion.Exactly(9), Given.Events(1))], [Key("k")])));

        (await store.ScalarAsync<long>("select count(*) from keys")).ShouldBe(0);
    }

    [Fact]
    public async Task Side_rows_alone_can_be_committed()
    {
        await using var store = await WithKeysAsync();
        await using var appender = new EventAppender(store.Source, store.Options);

        var result = await appender.AppendAsync(new([], [Key("k")]));

        result.LastSequence.ShouldBe(0);
        (await store.ScalarAsync<long>("select count(*) from keys")).ShouldBe(1);
    }
}
