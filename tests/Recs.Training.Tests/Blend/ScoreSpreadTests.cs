using Recs.Training.Blend;

namespace Recs.Training.Tests.Blend;

public class ScoreSpreadTests
{
    [Fact]
    public void Mean_and_deviation_are_those_of_the_movies_that_are_not_in_the_history()
    {
        float[] scores = [3, 100, -1, 4, 7, -50, 2];
        double[] open = [3, -1, 4, 7, 2];
        var spread = ScoreSpread.Of(scores, [1, 5]);
        spread.Mean.ShouldBe(3, 1e-12);
        (1 / spread.PerDeviation).ShouldBe(Math.Sqrt(open.Average(s => (s - 3) * (s - 3))), 1e-12);
        spread.Standard(3).ShouldBe(0, 1e-12);
    }

    [Theory]
    [InlineData(new[] { 0.1f, 0.1f, 0.1f, 9f }, new[] { 3 })]
    [InlineData(new[] { 1f, 2f }, new[] { 0, 1 })]
    public void Where_all_scores_are_equal_none_stands_out(float[] scores, int[] history) => ScoreSpread.Of(scores, history).Standard(5).ShouldBe(0);

    [Fact]
    public void What_a_member_adds_rises_with_its_score_and_is_zero_at_the_mean()
    {
        var weight = new MemberWeight(0.2, 0.7);
        weight.At(0).ShouldBe(0);
        weight.At(-2).ShouldBe(-0.4, 1e-12);
        weight.At(1.5).ShouldBe(0.3 + (0.7 * Math.Log(6)), 1e-12);
        for (var z = -3.0; z < 5; z += 0.25)
            weight.SlopeAt(z + 0.001).ShouldBe((weight.At(z + 0.0011) - weight.At(z + 0.0009)) / 0.0002, 1e-5);
    }
}
