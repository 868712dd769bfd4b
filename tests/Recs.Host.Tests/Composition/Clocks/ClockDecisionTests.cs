using Recs.Host.CommandLine;
using Recs.Host.Composition.Clocks;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Composition.Clocks;

public sealed class ClockDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero), Past = new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly SimulatedTime Time = new(Past, 1000);
    private static readonly RecordedClock OnRecord = new(Time, Now.AddSeconds(-10));

    private static ClockDecision Of(AskedClock? asked, RecordedClock? recorded, bool inUse, DateTimeOffset? last) => ClockDecision.Of(asked, new(recorded, inUse, last, Now));

    private static string Refusal(AskedClock? asked, RecordedClock? recorded, bool inUse, DateTimeOffset? last)
        => Should.Throw<UsageException>(() => Of(asked, recorded, inUse, last)).Message;

    [Fact]
    public void nobody_asks_and_nothing_is_on_record_it_is_real_time() => Of(null, null, false, Past).Clock.ShouldBeNull();

    [Fact]
    public void an_empty_log_begins_anywhere() => Of(new(Time), null, false, null).ShouldBe(new ClockDecision(new RecordedClock(Time, Now)));

    [Fact]
    public void whoever_takes_a_log_of_real_facts_into_a_simulated_time_is_warned()
        => Of(new(new SimulatedTime(Now.AddDays(1), 60)), null, false, Now.AddDays(-1)).Note.ShouldNotBeNull()
            .ShouldSatisfyAllConditions(note => note.ShouldContain("holds facts of real time, the last of 2026-05-31T00:00:00Z"), note => note.ShouldContain("a log of its own"));

    [Fact]
    public void whoever_sets_a_log_ahead_of_the_real_time_is_warned()
        => Of(new(new SimulatedTime(Now.AddDays(1), 1)), null, false, null).Note.ShouldNotBeNull().ShouldContain("ahead of the real time");

    [Fact]
    public void real_time_that_begins_before_the_newest_event_is_warned_of()
    {
        Of(null, null, false, Now.AddDays(1)).ShouldSatisfyAllConditions(d => d.Clock.ShouldBeNull(), d => d.Note.ShouldNotBeNull().ShouldContain("--clock 2026-06-02T00:00:00Z@1"));
        Of(new((SimulatedTime?)null), null, false, Now.AddDays(1)).Note.ShouldNotBeNull();
        Of(null, null, false, Now.AddSeconds(30)).Note.ShouldBeNull("clocks of machines differ a little");
    }

    [Fact]
    public void a_log_goes_on_from_its_last_event_or_later() => Of(new(Time), OnRecord, false, Past).ShouldBe(new ClockDecision(new RecordedClock(Time, Now)));

    [Fact]
    public void an_earlier_start_is_refused_with_the_time_to_give()
        => Refusal(new(Time), OnRecord, false, Past.AddDays(1).AddMilliseconds(1)).ShouldContain("--clock 2015-01-02T00:00:01Z@1000");

    [Fact]
    public void a_log_of_real_time_is_not_thrown_into_the_past() => Refusal(new(Time), null, false, Now).ShouldContain("a log of its own");

    [Fact]
    public void a_log_that_was_simulated_goes_on_at_the_real_pace()
    {
        var decision = Of(null, OnRecord, false, Past.AddDays(3));
        decision.Clock.ShouldBe(new RecordedClock(new(Past.AddDays(3), 1), Now));
        decision.Note.ShouldNotBeNull().ShouldContain("2015-01-04T00:00:00Z");
    }

    [Fact]
    public void a_simulated_log_without_events_goes_on_from_its_start() => Of(null, OnRecord, false, null).Clock!.Time.ShouldBe(new SimulatedTime(Past, 1));

    [Fact]
    public void real_time_comes_back_when_asked_for() => Of(new((SimulatedTime?)null), OnRecord, false, Past).Clock.ShouldBeNull();

    [Fact]
    public void but_not_before_a_future_that_was_recorded()
        => Refusal(new((SimulatedTime?)null), OnRecord, false, Now.AddDays(1)).ShouldContain("--clock 2026-06-02T00:00:00Z@1");

    [Fact]
    public void whoever_comes_later_joins()
    {
        Of(null, OnRecord, true, Past).Clock.ShouldBe(OnRecord);
        Of(new(Time), OnRecord, true, Past.AddYears(1)).Clock.ShouldBe(OnRecord);
        Of(null, null, true, Past).ShouldBe(new ClockDecision(null));
    }

    [Fact]
    public void whoever_asks_for_another_time_than_the_others_is_told_theirs()
    {
        Refusal(new(Time with { Speed = 5 }), OnRecord, true, Past).ShouldContain("2015-01-01T00:00:00Z@1000, where it is 2015-01-01T02:46:40Z now");
        Refusal(new((SimulatedTime?)null), OnRecord, true, Past).ShouldContain("stop the others first");
        Refusal(new(Time), null, true, Past).ShouldContain("in real time");
    }
}
