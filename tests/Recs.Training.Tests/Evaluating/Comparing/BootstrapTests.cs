using Recs.Training.Evaluating.Comparing;

namespace Recs.Training.Tests.Evaluating.Comparing;

public class BootstrapTests
{
    private static readonly double[] Hits = [.. Enumerable.Range(0, 4001).Select(i => i % 4 == 0 ? 1.0 : 0)];

    [Fact]
    public void The_interval_is_as_wide_as_the_normal_approximation_says()
    {
        var (low, high) = Bootstrap.Interval(Bootstrap.Means([Hits], 1)[0]);
        var halfWidth = 1.96 * Math.Sqrt(0.25 * 0.75 / Hits.Length);
        low.ShouldBe(0.25 - halfWidth, 0.15 * halfWidth);
        high.ShouldBe(0.25 + halfWidth, 0.15 * halfWidth);
    }

    [Fact]
    public void Threads_do_not_change_a_draw_and_another_seed_does()
    {
        var means = Bootstrap.Means([Hits], 5)[0];
        Bootstrap.Means([Hits], 5, threads: 3)[0].ShouldBe(means);
        Bootstrap.Means([Hits], 6)[0].ShouldNotBe(means);
    }

    [Fact]
    public void All_figures_share_the_draws()
    {
        double[] shifted = [.. Hits.Select(hit => hit + 1)];
        var means = Bootstrap.Means([Hits, shifted], 1);
        means[1].Zip(means[0], (a, b) => a - b).ShouldAllBe(difference => Math.Abs(difference - 1) < 1e-9);
    }
}
