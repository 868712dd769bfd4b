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
}
