using Recs.Host.Composition.Clocks;
using Recs.Host.Tests.Securing;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Composition.Clocks;

public sealed class SimulatedClockTests
{
    private static readonly SimulatedTime Time = new(new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero), 1000);

    [Fact]
    public void it_runs_from_what_has_gone_by_at_its_speed()
    {
        var real = new TestClock();
        var clock = new SimulatedClock(Time, TimeSpan.FromSeconds(2), real);
        clock.GetUtcNow().ShouldBe(Time.Start.AddSeconds(2000));
        real.Pass(0.5);
        clock.GetUtcNow().ShouldBe(Time.Start.AddSeconds(2500));
    }

    [Fact]
    public void its_stopwatch_measures_real_time()
    {
        var real = new TestClock();
        var clock = new SimulatedClock(Time, TimeSpan.Zero, real);
        var begun = clock.GetTimestamp();
        real.Pass(3);
        clock.GetElapsedTime(begun).ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task a_schedule_of_every_half_hour_comes_round_in_real_milliseconds()
    {
        var clock = new SimulatedClock(Time with { Speed = 100_000 }, TimeSpan.Zero, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(30), clock);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var begun = TimeProvider.System.GetTimestamp();
        for (var round = 0; round < 10; round++)
            (await timer.WaitForNextTickAsync(patience.Token)).ShouldBeTrue();
        clock.GetUtcNow().ShouldBeGreaterThanOrEqualTo(Time.Start.AddMinutes(10 * 30 - 30));
        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData(3600, 3600)]
    [InlineData(0.5, 1)] // no timer of the machine is finer
    public void timers_fire_scaled(double simulatedSeconds, double realMilliseconds)
    {
        var real = new TimerClock();
        using var timer = new SimulatedClock(Time, TimeSpan.Zero, real).CreateTimer(_ => { }, null, TimeSpan.FromSeconds(simulatedSeconds), Timeout.InfiniteTimeSpan);
        real.Asked.ShouldBe((TimeSpan.FromMilliseconds(realMilliseconds), Timeout.InfiniteTimeSpan));
        timer.Change(TimeSpan.Zero, TimeSpan.FromSeconds(simulatedSeconds));
        real.Asked.ShouldBe((TimeSpan.Zero, TimeSpan.FromMilliseconds(realMilliseconds)));
    }

    private sealed class TimerClock : TimeProvider
    {
        public (TimeSpan Due, TimeSpan Period) Asked { get; private set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Kept(this).Ask(dueTime, period);

        private sealed class Kept(TimerClock clock) : ITimer
        {
            public Kept Ask(TimeSpan due, TimeSpan period)
            {
                clock.Asked = (due, period);
                return this;
            }

            public bool Change(TimeSpan dueTime, TimeSpan period) => Ask(dueTime, period) is not null;

            public void Dispose() => clock.Asked = default;

            public ValueTask DisposeAsync() => default;
        }
    }
}
