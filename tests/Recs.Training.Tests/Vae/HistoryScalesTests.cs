using Recs.Training.Vae;

namespace Recs.Training.Tests.Vae;

public class HistoryScalesTests
{
    private static readonly HistoryScales Scales = HistoryScales.Of(Fitted.QuickOptions(new VaeRecommender(), ("scales", "3"), ("tau", "2")));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(500)]
    public void The_weights_of_each_bag_have_the_length_1(int history)
    {
        for (var scale = 0; scale < Scales.Count; scale++)
        {
            var window = Scales.Window(scale, history);
            Enumerable.Range(0, window).Sum(age => Math.Pow(Scales.Weight(scale, age, window), 2)).ShouldBe(1, 1e-5);
        }
    }

    [Fact]
    public void Each_bag_decays_four_times_as_slowly_as_the_one_before_and_the_last_one_does_not()
    {
        Ratio(0).ShouldBe(Math.Exp(-0.5), 1e-5);
        Ratio(1).ShouldBe(Math.Exp(-0.125), 1e-5);
        Ratio(2).ShouldBe(1);
        Scales.Window(0, 500).ShouldBe(12);
        Scales.Window(2, 500).ShouldBe(500);

        static double Ratio(int scale) => Scales.Weight(scale, 1, 10) / (double)Scales.Weight(scale, 0, 10);
    }
}
