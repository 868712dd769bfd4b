using Recs.Training.Numerics;

namespace Recs.Training.Tests.Numerics;

public class TableLogTests
{
    [Fact]
    public void The_logarithm_is_right_to_twelve_places_from_one_to_a_great_number()
    {
        for (var x = 1.0; x < 1e12; x = (x * 1.00037) + 1e-9)
            TableLog.Of(x).ShouldBe(Math.Log(x), 1e-12 * Math.Max(1, Math.Log(x)));
        TableLog.Of(1).ShouldBe(0, 1e-12);
    }
}
