using System.Globalization;
using Recs.EventStore.Appending;
using Recs.EventStore.Checking;
using Recs.EventStore.Evolving;
using Shouldly;

namespace Recs.EventStore.Tests.Appending;

public sealed class LogTimeTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // as on another node
    public async Task A_recorded_time_older_than_a_mark_before_it_sets_no_mark(bool anotherProcess)
    {
        var clock = new TestClock(Start);
        await using var store = await StoreDatabase.CreateAsync(clock);
        await using var first = new EventAppender(store.Source, store.Options);
        await using var other = new EventAppender(store.Source, store.Options);
        await AppendAtAsync(first, clock, 0);
        await AppendAtAsync(first, clock, 60);
        await AppendAtAsync(anotherProcess ? other : first, clock, 30); // it waited for a lock, or the clock was set back
        await AppendAtAsync(anotherProcess ? other : first, clock, 120);

        (await store.LinesAsync("select seq_id::text from recs.recs_log_time order by seq_id")).ShouldBe(["1", "2", "4"]);
        (await LogTimeAsync(store)).Held.ShouldBeTrue();
        foreach (var (second, position) in new[] { (-1, 0), (0, 1), (30, 1), (59, 1), (60, 3), (119, 3), (120, 4) })
            (await store.Reader.PositionAtAsync(Start.AddSeconds(second))).ShouldBe(position, second.ToString(CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Marks_that_say_what_their_events_say_are_sound_though_a_time_stepped_back()
    {
        var clock = new TestClock(Start);
        await using var store = await StoreDatabase.CreateAsync(clock);
        await using var appender = new EventAppender(store.Source, store.Options);
        await AppendAtAsync(appender, clock, 60);
        await AppendAtAsync(appender, clock, 30);
        // Two writers at once see no mark of each other's.
        await store.ExecuteAsync("insert into recs.recs_log_time select seq_id, timestamp from recs.mt_events where seq_id = 2");
        (await LogTimeAsync(store)).Held.ShouldBeTrue();

        await store.ExecuteAsync("update recs.recs_log_time set timestamp = timestamp - interval '1 minute' where seq_id = 2");
        (await LogTimeAsync(store)).Held.ShouldBeFalse();
    }

    private static async Task AppendAtAsync(EventAppender appender, TestClock clock, int second)
    {
        clock.Now = Start.AddSeconds(second);
        await appender.AppendAsync(Given.To("s"));
    }

    private static async Task<Invariant> LogTimeAsync(StoreDatabase store)
    {
        await foreach (var invariant in new LogInvariants(store.Source, store.Options, new EventTypes(), []).RunAsync())
            if (invariant.Name == "log-time-monotonic") return invariant;
        throw new InvalidOperationException("The invariant is not checked.");
    }
}
