using System.Numerics;
using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Neural;

public class DropoutTests
{
    [Fact]
    public void A_lane_stays_if_its_sixteen_random_bits_are_not_below_the_rate()
    {
        var (random, rule) = (new CounterRandom(11, 12), new DropoutRule(new(11, 12), 0.25));
        foreach (var block in (ulong[])[0, 1, 77, 1UL << 40])
            for (var lane = 0; lane < Lanes.Count; lane++)
            {
                var draw = random.Bits((block * 4) + (ulong)(lane / 4)) >> (16 * (lane % 4)) & 0xFFFF;
                (rule.Bits(block) >> lane & 1).ShouldBe(draw >= 65_536 / 4 ? 1 : 0, $"block {block}, lane {lane}");
            }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void As_many_are_dropped_as_the_rate_says_and_the_others_make_up_for_them(double rate)
    {
        const int blocks = 20_000;
        var rule = new DropoutRule(new(1, 2), rate);
        var kept = Enumerable.Range(0, blocks).Sum(block => BitOperations.PopCount(rule.Bits((ulong)block)));
        ((double)kept / (blocks * Lanes.Count)).ShouldBe(1 - rate, 4 * Math.Sqrt(rate * (1 - rate) / (blocks * Lanes.Count)));
        (rule.Scale * (1 - rate)).ShouldBe(1, 0.01);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void A_rate_that_leaves_nothing_or_makes_no_sense_is_refused(double rate)
        => Should.Throw<ArgumentOutOfRangeException>(() => new DropoutRule(default, rate)).Message.ShouldContain("0.999");

    [Fact]
    public unsafe void Nothing_is_dropped_where_nothing_is_learned()
    {
        var values = GC.AllocateArray<float>(16, pinned: true);
        fixed (float* first = values)
        {
            using var tape = new Tape(Isa.Plain, first);
            var x = tape[new ParameterSlot(0, 1, 16)];
            (Dropout.Apply(tape, x, new(default, 0.5), 0).Value == x.Value).ShouldBeTrue();
        }
    }
}
