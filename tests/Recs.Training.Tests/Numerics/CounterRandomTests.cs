using Recs.Training.Numerics;

namespace Recs.Training.Tests.Numerics;

public class CounterRandomTests
{
    [Fact]
    public void Draws_are_spread_evenly_and_differ_by_seed_and_purpose()
    {
        var counts = new int[10];
        var random = new CounterRandom(1, 2);
        for (ulong i = 0; i < 100_000; i++)
            counts[random.Below(10, i)]++;
        counts.ShouldAllBe(c => c > 9_600 && c < 10_400); // more than 4 standard deviations away otherwise
        new[] { random.Bits(0), new CounterRandom(2, 2).Bits(0), new CounterRandom(1, 3).Bits(0) }.Distinct().Count().ShouldBe(3);
    }
}
