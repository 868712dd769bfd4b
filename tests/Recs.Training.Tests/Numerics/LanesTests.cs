using Recs.Training.Numerics;

namespace Recs.Training.Tests.Numerics;

public class LanesTests
{
    private static readonly float[] Special = [0, -0f, 1, -1, 0.5f, -3.25f, 1e30f, -1e30f, 1e-38f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 7, -7, 1e-45f, 3];

    [Fact]
    public void Every_kind_of_lanes_gives_the_bits_of_plain_arithmetic_also_for_zeros_and_what_is_no_number()
    {
        for (var shift = 0; shift < Lanes.Count; shift++)
        {
            float[] a = Special, b = [.. Special.Skip(shift), .. Special.Take(shift)];
            EveryKind(a, b, Operation.Add, (x, y) => x + y);
            EveryKind(a, b, Operation.Subtract, (x, y) => x - y);
            EveryKind(a, b, Operation.Multiply, (x, y) => x * y);
            EveryKind(a, b, Operation.Divide, (x, y) => x / y);
            EveryKind(a, b, Operation.MultiplyAdd, (x, y) => MathF.FusedMultiplyAdd(x, y, x));
            EveryKind(a, b, Operation.Max, (x, y) => x > y ? x : y);
            EveryKind(a, b, Operation.Min, (x, y) => x < y ? x : y);
            EveryKind(a, b, Operation.SquareRoot, (x, _) => MathF.Sqrt(x));
        }
    }

    [Fact]
    public void A_power_of_two_scales_exactly()
    {
        float[] numbers = [.. Enumerable.Range(0, Lanes.Count).Select(i => 1 + (i / 16f))];
        foreach (var power in (int[])[-126, -125, -1, 0, 1, 126, 127])
            EveryKind(numbers, [.. Enumerable.Repeat((float)power, Lanes.Count)], Operation.TimesPowerOfTwo, (x, y) => MathF.ScaleB(x, (int)y));
    }

    [Theory]
    [InlineData(0x0000)]
    [InlineData(0xFFFF)]
    [InlineData(0x8001)]
    [InlineData(0x5AA4)]
    public void What_is_not_kept_is_zero_even_if_it_was_no_number(int bits)
        => EveryKind(Special, Special, new((ushort)bits), [.. Special.Select((x, lane) => (bits >> lane & 1) == 0 ? 0f : x)]);

    [Fact]
    public void Sums_and_greatest_lanes_are_found_by_halves()
    {
        for (var shift = 0; shift < Lanes.Count; shift++)
        {
            float[] a = [.. Special.Skip(shift), .. Special.Take(shift)];
            Every(a, a, Operation.Sum, ByHalves(a, (x, y) => x + y));
            Every(a, a, Operation.Greatest, ByHalves(a, (x, y) => x > y ? x : y));
        }
    }

    private static float ByHalves(float[] lanes, Func<float, float, float> pair)
    {
        lanes = [.. lanes];
        for (var half = Lanes.Count / 2; half > 0; half /= 2)
            for (var lane = 0; lane < half; lane++)
                lanes[lane] = pair(lanes[lane], lanes[lane + half]);
        return lanes[0];
    }

    private static void EveryKind(float[] a, float[] b, Operation operation, Func<float, float, float> plain) => EveryKind(a, b, new(operation), [.. a.Zip(b, plain)]);

    private static void Every(float[] a, float[] b, Operation operation, float expected) => EveryKind(a, b, new(operation), [.. Enumerable.Repeat(expected, Lanes.Count)]);

    private static unsafe void EveryKind(float[] a, float[] b, Wanted wanted, float[] expected)
    {
        foreach (var isa in InstructionSets.Supported)
        {
            var found = new float[Lanes.Count];
            fixed (float* x = a, y = b, to = found)
                LaneKernels.Run(isa, new Apply(x, y, wanted, to));
            found.Select(Bits).ShouldBe(expected.Select(Bits), $"{wanted}, {isa}: {string.Join(' ', a)} and {string.Join(' ', b)}");
        }
    }

    private static int Bits(float number) => float.IsNaN(number) ? -1 : BitConverter.SingleToInt32Bits(number); // there are many that are no number, and which one it is says nothing

    private enum Operation { Add, Subtract, Multiply, Divide, MultiplyAdd, Max, Min, SquareRoot, TimesPowerOfTwo, Keep, Sum, Greatest }

    private readonly record struct Wanted(Operation Operation, ushort Bits)
    {
        public Wanted(Operation operation) : this(operation, 0)
        {
        }

        public Wanted(ushort bits) : this(Operation.Keep, bits)
        {
        }
    }

    private readonly unsafe struct Apply(float* a, float* b, Wanted wanted, float* to) : ILaneKernel
    {
        private readonly float* _a = a, _b = b, _to = to;
        private readonly Wanted _wanted = wanted;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            TLanes x = TLanes.Load(_a), y = TLanes.Load(_b);
            TLanes.Store(_wanted.Operation switch
            {
                Operation.Add => TLanes.Add(x, y),
                Operation.Subtract => TLanes.Subtract(x, y),
                Operation.Multiply => TLanes.Multiply(x, y),
                Operation.Divide => TLanes.Divide(x, y),
                Operation.MultiplyAdd => TLanes.MultiplyAdd(x, y, x),
                Operation.Max => TLanes.Max(x, y),
                Operation.Min => TLanes.Min(x, y),
                Operation.SquareRoot => TLanes.SquareRoot(x),
                Operation.TimesPowerOfTwo => TLanes.TimesPowerOfTwo(x, y),
                Operation.Keep => TLanes.Keep(x, _wanted.Bits),
                Operation.Sum => TLanes.All(TLanes.Sum(x)),
                _ => TLanes.All(TLanes.Greatest(x)),
            }, _to);
        }
    }
}
