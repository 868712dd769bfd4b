using Recs.Training.Tuning;

namespace Recs.Training.Tests.Tuning;

public class SuccessiveHalvingTests
{
    [Fact]
    public void The_best_third_goes_on_and_the_defaults_are_judged_on_everybody()
    {
        var halving = new SuccessiveHalving(27);
        (halving.Rungs, halving.First.Count).ShouldBe((3, 27));
        Enumerable.Range(0, 3).Select(halving.Share).ShouldBe([1 / 9.0, 1 / 3.0, 1]);
        var second = halving.Entrants(1, halving.First.Select(t => (t, -(double)t)));
        second.ShouldBe([18, 19, 20, 21, 22, 23, 24, 25, 26]);
        halving.Entrants(2, second.Select(t => (t, -(double)t))).ShouldBe([0, 24, 25, 26]);
        halving.Planned.ShouldBe(27 + 9 + 3 + 1);
    }

    [Fact]
    public void Of_equal_trials_the_first_go_on_and_one_that_failed_comes_last() =>
        new SuccessiveHalving(9).Entrants(1, [(0, double.PositiveInfinity), (1, 1), (2, 1), (3, 1), (4, 1)]).ShouldBe([1, 2, 3]);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(8, 2)]
    [InlineData(9, 3)]
    [InlineData(1000, 3)]
    public void Few_trials_have_few_rungs_and_the_last_is_always_on_everybody(int trials, int rungs)
    {
        var halving = new SuccessiveHalving(trials);
        halving.Rungs.ShouldBe(rungs);
        halving.Share(rungs - 1).ShouldBe(1);
    }
}
