using Recs.Training.Evaluating;

namespace Recs.Training.Tests.Evaluating;

public class BootstrapIntervalTests
{
    [Fact]
    public void The_interval_is_as_wide_as_the_normal_approximation_says()
    {
        var hits = Enumerable.Range(0, 4000).Select(i => i % 4 == 0 ? 1.0 : 0).ToArray();
        var interval = BootstrapInterval.Of([hits], 1)[0];
        interval.Mean.ShouldBe(0.25);
        var halfWidth = 1.96 * Math.Sqrt(0.25 * 0.75 / hits.Length);
        interval.Low.ShouldBe(0.25 - halfWidth, 0.15 * halfWidth);
        interval.High.ShouldBe(0.25 + halfWidth, 0.15 * halfWidth);
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval()
    {
        double[] figure = [0, 1, 1, 0, 1];
        BootstrapInterval.Of([figure], 5).ShouldBe(BootstrapInterval.Of([figure], 5));
    }
}
