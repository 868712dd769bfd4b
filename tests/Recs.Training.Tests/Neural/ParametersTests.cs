using Recs.Training.Neural;

namespace Recs.Training.Tests.Neural;

public class ParametersTests
{
    [Fact]
    public void Numbers_begin_evenly_spread_around_their_mean_and_the_same_for_the_same_seed()
    {
        var layout = new ParameterLayout();
        var (first, second, third) = (layout.Add(100, 32, mean: 1), layout.Add(100, 32, mean: -2, spread: 0.5f), layout.AddMap(80, 16));
        var drawn = layout.Draw(new(1, 2));
        drawn.Length.ShouldBe(layout.Count);
        drawn.AsSpan(first.Offset, first.Count).ToArray().ShouldAllBe(x => x == 1);
        var numbers = drawn.AsSpan(second.Offset, second.Count).ToArray();
        numbers.Average().ShouldBe(-2, 0.02);
        numbers.Min().ShouldBe(-2.5f, 0.01f);
        numbers.Max().ShouldBe(-1.5f, 0.01f);
        drawn.AsSpan(third.Offset, third.Count).ToArray().Max().ShouldBe((float)Math.Sqrt(6.0 / 96), 0.01);
        layout.Draw(new(1, 2)).ShouldBe(drawn);
        layout.Draw(new(2, 2)).ShouldNotBe(drawn);
    }

    [Fact]
    public void Columns_that_are_no_whole_lanes_are_refused()
        => Should.Throw<ArgumentException>(() => new ParameterLayout().Add(1, 20)).Message.ShouldContain("no multiple of 16");
}
