using System.Runtime.Intrinsics;
using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>
/// Which numbers of a step are dropped: a function of seed, step and place alone, so that it does not matter which thread asks, and when. The rate is kept in units of 1 / 65,536.
/// </summary>
/// <param name="random">Keyed by seed and purpose.</param>
/// <param name="rate">Share that is dropped, 0 to 0.999.</param>
/// <exception cref="ArgumentOutOfRangeException">A rate outside of this range.</exception>
internal readonly struct DropoutRule(CounterRandom random, double rate)
{
    private const double Most = 0.999;
    private const int NumbersPerBlock = 4; // of 64 bits, each of which decides about four lanes
    private readonly int _dropBelow = rate is >= 0 and <= Most ? (int)Math.Round(rate * 65_536) : throw new ArgumentOutOfRangeException(nameof(rate), rate, $"Must be from 0 to {Most}.");

    /// <summary>Whether anything is dropped.</summary>
    public bool Drops => _dropBelow > 0;

    /// <summary>What the numbers that stay are multiplied by, so that sums keep their size.</summary>
    public float Scale => (float)(65_536.0 / (65_536 - _dropBelow));

    /// <summary>Bit l is set if lane l of a block of sixteen stays.</summary>
    /// <param name="block">Number of the block within the whole training.</param>
    public ushort Bits(ulong block)
    {
        var first = block * NumbersPerBlock;
        var draws = Vector256.Create(random.Bits(first), random.Bits(first + 1), random.Bits(first + 2), random.Bits(first + 3)).AsUInt16();
        return (ushort)Vector256.GreaterThanOrEqual(draws, Vector256.Create((ushort)_dropBelow)).ExtractMostSignificantBits();
    }
}

/// <summary>Drops numbers at random and scales up the others (Srivastava et al., "Dropout", 2014). Only on a tape that learns; otherwise nothing happens.</summary>
internal static unsafe class Dropout
{
    /// <summary>Drops.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="x">Numbers.</param>
    /// <param name="rule">What is dropped.</param>
    /// <param name="firstBlock">Number of the first block of sixteen; another one at every call of a training.</param>
    public static Node Apply(Tape tape, Node x, DropoutRule rule, ulong firstBlock)
    {
        if (!tape.Learns || !rule.Drops)
            return x;
        var y = tape.Result(x.Rows, x.Columns);
        var bits = Draw(tape, rule, firstBlock, x.Count / Lanes.Count);
        new Span<float>(y.Value, y.Count).Clear();
        LaneKernels.Run(tape.Isa, new AddKept(x.Value, bits, rule.Scale, y.Value, y.Count));
        Record(tape, x, y, (nint)bits, rule.Scale);
        return y;
    }

    /// <summary>The bits of some blocks, in memory of the tape.</summary>
    public static ushort* Draw(Tape tape, DropoutRule rule, ulong firstBlock, int blocks)
    {
        var bits = tape.Arena.Take<ushort>(blocks);
        for (var block = 0; block < blocks; block++)
            bits[block] = rule.Bits(firstBlock + (ulong)block);
        return bits;
    }

    private static void Record(Tape tape, Node x, Node y, nint bits, float scale)
        => tape.Record(() => LaneKernels.Run(tape.Isa, new AddKept(y.Gradient, (ushort*)bits, scale, x.Gradient, y.Count)));
}

/// <summary>y = y + scale x where the bit of x is set.</summary>
internal readonly unsafe struct AddKept(float* x, ushort* bits, float scale, float* y, int count) : ILaneKernel
{
    private readonly float* _x = x, _y = y;
    private readonly ushort* _bits = bits;
    private readonly float _scale = scale;
    private readonly int _count = count;

    public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
    {
        var scale = TLanes.All(_scale);
        for (var i = 0; i < _count; i += Lanes.Count)
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Keep(TLanes.Load(_x + i), _bits[i / Lanes.Count]), scale, TLanes.Load(_y + i)), _y + i);
    }
}
