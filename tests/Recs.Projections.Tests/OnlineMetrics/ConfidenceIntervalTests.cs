using Recs.Projections.OnlineMetrics;

namespace Recs.Projections.Tests.OnlineMetrics;

public sealed class ConfidenceIntervalTests
{
    [Theory] // figures of Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void The_interval_of_a_proportion_is_wilsons(long successes, long trials, double low, double high)
    {
        var interval = ConfidenceInterval.OfProportion(successes, trials);
        interval.Low.ShouldBe(low, 5e-5);
        interval.High.ShouldBe(high, 5e-5);
    }

    [Fact]
    public void The_interval_of_a_mean_is_normal_and_needs_two_observations()
    {
        ConfidenceInterval.OfMean(1, 3, 9).ShouldBeNull();
        var interval = ConfidenceInterval.OfMean(4, 10, 30)!.Value; // 1, 2, 3, 4
        interval.Low.ShouldBe(2.5 - 1.96 * 1.2909944 / 2, 1e-4);
        interval.High.ShouldBe(2.5 + 1.96 * 1.2909944 / 2, 1e-4);
    }
}
