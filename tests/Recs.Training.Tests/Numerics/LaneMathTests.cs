using Recs.Training.Numerics;

namespace Recs.Training.Tests.Numerics;

public class LaneMathTests
{
    private const float Least = -87.3f;
    private const float Greatest = 88;
    private const int Stride = 4_999; // of the single-precision numbers, in the order of their bits

    private enum Function { Exp, Sigmoid, Tanh }

    [Fact]
    public void The_exponential_is_within_one_unit_in_the_last_place_over_its_whole_range()
    {
        var numbers = Every(Greatest).Concat(Every(-Least).Select(x => -x)).ToArray();
        foreach (var (x, found) in numbers.Zip(Of(Function.Exp, numbers)))
        {
            var expected = Math.Exp(x);
            Math.Abs(found - expected).ShouldBeLessThanOrEqualTo(MathF.BitIncrement((float)expected) - (float)expected, $"exp {x:R}");
        }
    }

    [Fact]
    public void Sigmoid_and_tanh_are_as_near_as_they_say()
    {
        var numbers = Every(40).Concat(Every(40).Select(x => -x)).ToArray();
        foreach (var (x, found) in numbers.Zip(Of(Function.Sigmoid, numbers)))
            ((double)found).ShouldBe(1 / (1 + Math.Exp(-x)), 1.5e-7, $"sigmoid {x:R}");
        foreach (var (x, found) in numbers.Zip(Of(Function.Tanh, numbers)))
            ((double)found).ShouldBe(Math.Tanh(x), 2e-7, $"tanh {x:R}");
    }

    [Fact]
    public void What_lies_outside_counts_as_the_nearer_end_and_what_is_no_number_stays_so()
    {
        var ends = Of(Function.Exp, [0, -0f, Least, -88, -1e30f, float.NegativeInfinity, Greatest, 89, 1e30f, float.PositiveInfinity, float.NaN, -1e-45f]);
        ends[..2].ShouldAllBe(x => x == 1);
        ends[3..6].ShouldAllBe(x => x == ends[2]);
        ends[7..10].ShouldAllBe(x => x == ends[6]);
        float.IsNormal(ends[2]).ShouldBeTrue();
        float.IsNormal(ends[6]).ShouldBeTrue();
        ends[10].ShouldBe(float.NaN);
        ends[11].ShouldBe(1);
        Of(Function.Sigmoid, [float.NegativeInfinity, float.PositiveInfinity, float.NaN]).ShouldBe([1 / (1 + ends[6]), 1, float.NaN]);
        Of(Function.Tanh, [float.NegativeInfinity, 0, float.PositiveInfinity, float.NaN]).ShouldBe([-1, 0, 1, float.NaN]);
    }

    /// <summary>Numbers from 0 to a limit, one in <see cref="Stride"/>, and the limit.</summary>
    private static IEnumerable<float> Every(float limit)
    {
        for (var bits = 0; bits < BitConverter.SingleToInt32Bits(limit); bits += Stride)
            yield return BitConverter.Int32BitsToSingle(bits);
        yield return limit;
    }

    /// <summary>What a function makes of some numbers; fails unless every kind of lanes says the same.</summary>
    private static float[] Of(Function function, float[] numbers)
    {
        var found = InstructionSets.Supported.Select(isa => Of(isa, function, numbers)).ToList();
        foreach (var other in found)
            other.AsSpan().SequenceEqual(found[0]).ShouldBeTrue($"{function}");
        return found[0];
    }

    private static unsafe float[] Of(Isa isa, Function function, float[] numbers)
    {
        var results = new float[Matrix.StrideFor(numbers.Length)];
        numbers.CopyTo(results, 0);
        fixed (float* at = results)
            LaneKernels.Run(isa, new Apply(function, at, results.Length));
        return results[..numbers.Length];
    }

    private readonly unsafe struct Apply(Function function, float* numbers, int count) : ILaneKernel
    {
        private readonly Function _function = function;
        private readonly float* _numbers = numbers;
        private readonly int _count = count;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            for (var i = 0; i < _count; i += Lanes.Count)
            {
                var x = TLanes.Load(_numbers + i);
                TLanes.Store(_function switch { Function.Exp => LaneMath<TLanes>.Exp(x), Function.Sigmoid => LaneMath<TLanes>.Sigmoid(x), _ => LaneMath<TLanes>.Tanh(x) }, _numbers + i);
            }
        }
    }
}
