using FsCheck;
using FsCheck.Fluent;
using Recs.Host.Composition.Clocks;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Composition.Clocks;

public sealed class SimulatedTimeTests
{
    private static readonly DateTimeOffset Start = new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void a_second_at_a_thousand_times_real_time_is_a_thousand_seconds()
        => new SimulatedTime(Start, 1000).After(TimeSpan.FromSeconds(1)).ShouldBe(Start.AddSeconds(1000));

    [Fact]
    public void it_never_goes_back_and_never_overflows() => Prop.ForAll(
        Arb.From(Gen.Choose(1, 100_000)), Arb.From(Gen.Choose(0, int.MaxValue)), Arb.From(Gen.Choose(0, int.MaxValue)),
        (speed, a, b) =>
        {
            var time = new SimulatedTime(Start, speed);
            var (earlier, later) = (TimeSpan.FromSeconds(Math.Min(a, b)), TimeSpan.FromSeconds(Math.Max(a, b)));
            return time.After(earlier) <= time.After(later) && time.After(later).AddDays(365).Year < 9999;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void before_its_beginning_it_stands() => new SimulatedTime(Start, 1000).After(TimeSpan.FromSeconds(-1)).ShouldBe(Start);

    [Theory]
    [InlineData("2015-01-01T00:00:00Z@1000", "2015-01-01T00:00:00Z@1000")]
    [InlineData("2015-01-01@2.5", "2015-01-01T00:00:00Z@2.5")]
    [InlineData("2015-01-01T02:00:00+02:00@1", "2015-01-01T00:00:00Z@1")]
    [InlineData("2015-01-01T00:00:00.5Z@1", "2015-01-01T00:00:00.5Z@1")]
    public void what_is_read_is_what_is_shown(string text, string shown)
    {
        SimulatedTime.TryParse(text, out var time).ShouldBeTrue();
        time.ToString().ShouldBe(shown);
        SimulatedTime.TryParse(shown, out var again).ShouldBeTrue();
        again.ShouldBe(time);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2015-01-01")]
    [InlineData("@1000")]
    [InlineData("2015-01-01@0.5")]
    [InlineData("2015-01-01@100001")]
    [InlineData("2015-01-01@-3")]
    [InlineData("2015-01-01@NaN")]
    [InlineData("1969-12-31@1")]
    [InlineData("2101-01-01@1")]
    [InlineData("yesterday@1")]
    [InlineData("2015-01-01@1@2")]
    public void anything_else_is_no_time(string text) => SimulatedTime.TryParse(text, out _).ShouldBeFalse();
}
