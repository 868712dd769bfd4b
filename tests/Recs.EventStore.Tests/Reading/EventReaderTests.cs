using Recs.EventStore.Appending;
using Shouldly;

namespace Recs.EventStore.Tests.Reading;

public sealed class EventReaderTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task An_event_comes_back_as_it_was_written()
    {
        var clock = new TestClock(Start.AddTicks(1234567));
        await using var store = await StoreDatabase.CreateAsync(clock);
        await using var appender = new EventAppender(store.Source, store.Options);
        var e = Given.Event("thing_happened", """{"Text":"caf\u00e9 \"x\"","N":[1,2]}""", correlationId: "corr", causationId: "cause");

        await appender.AppendAsync(AppendRequest.One("s", e));

        var read = (await store.Reader.ReadStreamAsync("s").ToListAsync()).Single();
        (read.Sequence, read.Id, read.StreamId, read.Version, read.Type).ShouldBe((1L, e.Id, "s", 1L, "thing_happened"));
        (read.CorrelationId, read.CausationId).ShouldBe(("corr", "cause"));
        read.Text().ShouldBe("""{"N": [1, 2], "Text": "café \"x\""}"""); // as jsonb keeps it
        read.Timestamp.ShouldBe(Start.AddTicks(1234560)); // whole microseconds of the store's clock, not of the server's
        (await store.Reader.FindStreamAsync("s")).ShouldBe(new("s", 1, false, Start.AddTicks(1234560), Start.AddTicks(1234560)));
    }

    [Fact]
    public async Task Headers_and_contract_are_stored()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);

        await appender.AppendAsync(AppendRequest.One("s", Given.Event() with { Headers = """{"trace":"t"}"""u8.ToArray(), DotNetType = "A.B, C" }));

        (await store.LinesAsync("select headers::text || '|' || mt_dotnet_type || '|' || tenant_id || '|' || is_archived from recs.mt_events"))
            .ShouldBe(["""{"trace": "t"}|A.B, C|*DEFAULT*|false"""]);
    }

    [Fact]
    public async Task A_stream_is_read_by_version_range()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        await appender.AppendAsync(Given.To("other"));
        await appender.AppendAsync(Given.To("s", 9));

        (await store.Reader.ReadStreamAsync("s", 3, 5).ToListAsync()).Select(e => e.Version).ShouldBe([3L, 4L, 5L]);
        (await store.Reader.ReadStreamAsync("nobody").ToListAsync()).ShouldBeEmpty();
        (await store.Reader.FindStreamAsync("nobody")).ShouldBeNull();
    }

    [Fact]
    public async Task The_log_is_read_by_sequence_range_and_by_type()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        for (var n = 0; n < 4; n++) await appender.AppendAsync(new([new($"s{n}", ExpectedVersion.Any, [Given.Event("a"), Given.Event("b")])]));

        (await store.Reader.ReadLogAsync(2, 5).ToListAsync()).Select(e => e.Sequence).ShouldBe([3L, 4L, 5L]);
        (await store.Reader.ReadLogAsync(0, 100, ["b"]).ToListAsync()).Select(e => e.Sequence).ShouldBe([2L, 4L, 6L, 8L]);
    }

    [Fact]
    public async Task Archived_streams_and_tombstones_are_left_out()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        await appender.AppendAsync(Given.To("old", 2));
        await appender.AppendAsync(Given.To("s", 1));
        await appender.AppendAsync(AppendRequest.One("mt_tombstone", Given.Event("tombstone", "{}")));
        await store.ExecuteAsync("select recs.mt_archive_stream('old')");

        (await store.Reader.ReadLogAsync(0, 100).ToListAsync()).Select(e => e.StreamId).ShouldBe(["s"]);
        (await store.Reader.ReadStreamAsync("old").ToListAsync()).ShouldBeEmpty();
        (await store.Reader.ReadStreamAsync("old", withArchived: true).ToListAsync()).Count.ShouldBe(2);
        (await store.Reader.FindStreamAsync("old"))!.Archived.ShouldBeTrue();
    }

    [Fact]
    public async Task The_newest_event_of_some_types_and_the_states_of_several_streams_are_found()
    {
        await using var store = await StoreDatabase.CreateAsync();
        await using var appender = new EventAppender(store.Source, store.Options);
        await appender.AppendAsync(new([new("s", ExpectedVersion.Any, [Given.Event("a"), Given.Event("b"), Given.Event("a"), Given.Event("c")])]));
        await appender.AppendAsync(Given.To("t"));
        await appender.AppendAsync(Given.To("old"));
        await store.ExecuteAsync("select recs.mt_archive_stream('old')");

        (await store.Reader.FindNewestAsync("s", ["a", "b"]))!.Version.ShouldBe(3);
        (await store.Reader.FindNewestAsync("s", ["d"])).ShouldBeNull();
        (await store.Reader.FindNewestAsync("old", ["thing_happened"])).ShouldBeNull();
        (await store.Reader.FindStreamsAsync(["s", "old", "nobody"])).Values.Select(s => (s.StreamId, s.Version, s.Archived))
            .ShouldBe([("s", 4, false), ("old", 1, true)], ignoreOrder: true);
    }

    [Fact]
    public async Task A_stream_is_folded_as_of_a_version_or_a_time()
    {
        var clock = new TestClock(Start);
        await using var store = await StoreDatabase.CreateAsync(clock);
        await using var appender = new EventAppender(store.Source, store.Options);
        for (var minute = 0; minute < 5; minute++)
        {
            clock.Now = Start.AddMinutes(minute);
            await appender.AppendAsync(Given.To("s"));
        }

        Task<long> CountAsync(long version = long.MaxValue, DateTimeOffset? time = null) => store.Reader.AggregateAsync("s", 0L, (n, _) => n + 1, version, time);

        (await CountAsync()).ShouldBe(5);
        (await CountAsync(version: 2)).ShouldBe(2);
        (await CountAsync(time: Start.AddMinutes(2))).ShouldBe(3);
        (await CountAsync(time: Start.AddSeconds(-1))).ShouldBe(0);
        (await store.Reader.AggregateAsync("nobody", 42L, (n, _) => n + 1)).ShouldBe(42);
    }

    [Fact]
    public async Task The_position_at_a_time_is_the_last_one_recorded_by_then()
    {
        var clock = new TestClock(Start);
        await using var store = await StoreDatabase.CreateAsync(clock);
        await using var appender = new EventAppender(store.Source, store.Options);
        for (var n = 0; n < 40; n++)
        {
            clock.Now = Start.AddMilliseconds(n * 300);
            await appender.AppendAsync(Given.To($"s{n % 3}", 2));
        }

        for (var n = 0; n < 40; n++) (await store.Reader.PositionAtAsync(Start.AddMilliseconds((n * 300) + 299))).ShouldBe((n + 1) * 2);
        (await store.Reader.PositionAtAsync(Start.AddMilliseconds(-1))).ShouldBe(0);
        (await store.Reader.PositionAtAsync(Start.AddDays(1))).ShouldBe(80);
        (await store.ScalarAsync<long>("select count(*) from recs.recs_log_time")).ShouldBeInRange(9, 13); // one a second of recorded time
    }

    [Fact]
    public async Task Many_events_at_one_moment_are_marked_every_ten_thousand()
    {
        await using var store = await StoreDatabase.CreateAsync(new TestClock(Start));
        await using var appender = new EventAppender(store.Source, store.Options);

        for (var n = 0; n < 15; n++) await appender.AppendAsync(Given.To("s", 1500));

        (await store.ScalarAsync<long>("select count(*) from recs.recs_log_time")).ShouldBe(3);
        (await store.Reader.PositionAtAsync(Start)).ShouldBe(22_500);
    }
}
