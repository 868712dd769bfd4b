using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.Tests.Neural;

public class AdamTests
{
    private const int Count = 48;
    private const int Parts = 3;

    [Fact]
    public void Every_instruction_set_takes_the_steps_of_a_naive_loop_and_ends_with_the_same_bytes()
    {
        const double rate = 0.01, decay = 0.1;
        double[] values = [.. Numbers(0).Select(x => (double)x)], means = new double[Count], squares = new double[Count];
        for (var step = 1; step <= 4; step++)
        {
            var gradients = Gradients(step);
            for (var i = 0; i < Count; i++)
            {
                var g = Enumerable.Range(0, Parts).Sum(part => (double)gradients[(part * (Count + 16)) + i]);
                means[i] = (0.9 * means[i]) + (0.1 * g);
                squares[i] = (0.98 * squares[i]) + (0.02 * g * g);
                var mean = means[i] / (1 - Math.Pow(0.9, step));
                var square = squares[i] / (1 - Math.Pow(0.98, step));
                values[i] -= (rate * Share(step) * decay * values[i]) + (rate * Share(step) * mean / Math.Sqrt(square));
            }
        }

        var ends = InstructionSets.Supported.Select(isa => Steps(isa, new(rate, decay), 4)).ToList();
        ends.ShouldAllBe(end => end.Select(BitConverter.SingleToInt32Bits).SequenceEqual(ends[0].Select(BitConverter.SingleToInt32Bits)));
        for (var i = 0; i < Count; i++)
            ((double)ends[0][i]).ShouldBe(values[i], 1e-6);
    }

    [Fact]
    public void The_first_step_is_as_long_as_the_rate_whatever_the_gradient()
    {
        var (before, after) = (Numbers(0), Steps(Isa.Plain, new(0.25), 1));
        var gradients = Gradients(1);
        for (var i = 0; i < Count; i++)
        {
            var sign = Math.Sign(Enumerable.Range(0, Parts).Sum(part => gradients[(part * (Count + 16)) + i]));
            after[i].ShouldBe(before[i] - (0.25f * (float)Share(1) * sign), 1e-4f);
        }
    }

    [Fact]
    public unsafe void A_parameter_without_a_gradient_stays_where_it_is()
    {
        float[] values = [.. Numbers(0)], means = new float[Count], squares = new float[Count], gradients = new float[Count];
        fixed (float* v = values, m = means, s = squares, g = gradients)
            new AdamRule(1).Step(Isa.Plain, new(v, m, s, g, 1, 0, Count), 1, 1);
        values.ShouldBe(Numbers(0));
    }

    private static unsafe float[] Steps(Isa isa, AdamRule rule, int steps)
    {
        float[] values = [.. Numbers(0)], means = new float[Count], squares = new float[Count];
        for (var step = 1; step <= steps; step++)
            fixed (float* v = values, m = means, s = squares, g = Gradients(step))
                rule.Step(isa, new(v, m, s, g, Parts, Count + 16, Count), step, Share(step));
        return values;
    }

    private static double Share(int step) => 1.0 / step;

    /// <summary>The parts of a gradient, each with room behind it that is not part of it.</summary>
    private static float[] Gradients(int step) => [.. Enumerable.Range(0, Parts).SelectMany(part => Numbers((ulong)((step * Parts) + part)).Concat(Enumerable.Repeat(float.NaN, 16)))];

    private static float[] Numbers(ulong seed)
    {
        using var matrix = GeneratedData.Matrix(1, Count, seed);
        return GeneratedData.Numbers(matrix);
    }
}
