using Recs.Host.Reporting;
using Recs.Host.Tests.Securing;
using Shouldly;
using Xunit;

namespace Recs.Host.Tests.Reporting;

public sealed class TimeLeftTests
{
    [Theory]
    [InlineData(-5, "0 s")]
    [InlineData(49.6, "50 s")]
    [InlineData(725, "12 min 5 s")]
    [InlineData(3950, "1 h 5 min")]
    [InlineData(100 * 3600, "100 h 0 min")]
    public void it_is_told_in_words(double seconds, string text) => TimeLeft.Text(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    [Fact]
    public void who_knows_the_time_left_is_believed_rather_than_the_rate_so_far()
    {
        var (clock, lines) = (new TestClock(), new List<string>());
        var (usual, known) = (new PlainProgress("replaying", "facts", lines.Add, clock), new PlainProgress("replaying", "facts", lines.Add, clock, () => TimeSpan.FromMinutes(66)));
        clock.Pass(TimeSpan.FromSeconds(10));
        usual.Report((10, 100));
        known.Report((10, 100));
        lines.ShouldBe(["replaying: 10 of 100 facts (10 %, 1 facts/s, 90 s left)", "replaying: 10 of 100 facts (10 %, 1 facts/s, 1 h 6 min left)"]);
    }

    [Fact]
    public void a_fit_tells_no_time_left_before_it_can_know()
    {
        var (clock, lines) = (new TestClock(), new List<string>());
        var progress = new PlainFitProgress("training", lines.Add, clock);
        clock.Pass(TimeSpan.FromSeconds(6));
        progress.Report(new("read", 0.001));
        clock.Pass(TimeSpan.FromSeconds(6));
        progress.Report(new("epoch", 0.1, 2.5, 0.1234));
        lines.ShouldBe(["training: 0 %, read, 6 s so far", "training: 10 %, epoch, loss 2.5, validation NDCG@10 0.1234, 12 s so far, about 1 min 48 s left"]);
    }

    [Fact]
    public void a_tuning_takes_no_longer_than_its_budget_and_the_clock_of_what_is_done_stands_still()
    {
        var clock = new TestClock();
        var pace = new FitPace(clock, TimeSpan.FromSeconds(30));
        pace.Left.ShouldBe(TimeSpan.FromSeconds(30));
        clock.Pass(TimeSpan.FromSeconds(10));
        pace.Note(new("trial 1", 0.1));
        pace.Left.ShouldBe(TimeSpan.FromSeconds(20));
        pace.Note(new("done", 1));
        clock.Pass(TimeSpan.FromSeconds(10));
        (pace.Elapsed, pace.Left).ShouldBe((TimeSpan.FromSeconds(10), TimeSpan.Zero));
    }
}
