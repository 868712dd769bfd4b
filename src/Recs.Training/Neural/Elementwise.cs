using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>y = a + b, number by number.</summary>
internal static unsafe class Sum
{
    /// <summary>Computes it.</summary>
    public static Node Apply(Tape tape, Node a, Node b)
    {
        b.Require(a.Rows, a.Columns, nameof(b));
        var y = tape.Result(a.Rows, a.Columns);
        new Span<float>(a.Value, y.Count).CopyTo(new(y.Value, y.Count));
        LaneKernels.Run(tape.Isa, new AddScaled(y.Value, b.Value, 1, y.Count));
        if (tape.Learns)
            Record(tape, a, b, y);
        return y;
    }

    private static void Record(Tape tape, Node a, Node b, Node y) => tape.Record(() =>
    {
        LaneKernels.Run(tape.Isa, new AddScaled(a.Gradient, y.Gradient, 1, y.Count));
        LaneKernels.Run(tape.Isa, new AddScaled(b.Gradient, y.Gradient, 1, y.Count));
    });
}

/// <summary>y = a b, number by number.</summary>
internal static unsafe class Product
{
    /// <summary>Computes it.</summary>
    public static Node Apply(Tape tape, Node a, Node b)
    {
        b.Require(a.Rows, a.Columns, nameof(b));
        var y = tape.Result(a.Rows, a.Columns);
        new Span<float>(y.Value, y.Count).Clear();
        LaneKernels.Run(tape.Isa, new AddProducts(y.Value, a.Value, b.Value, y.Count));
        if (tape.Learns)
            Record(tape, a, b, y);
        return y;
    }

    private static void Record(Tape tape, Node a, Node b, Node y) => tape.Record(() =>
    {
        LaneKernels.Run(tape.Isa, new AddProducts(a.Gradient, y.Gradient, b.Value, y.Count));
        LaneKernels.Run(tape.Isa, new AddProducts(b.Gradient, y.Gradient, a.Value, y.Count));
    });
}

/// <summary>y = y + weight x over a multiple of 16 numbers.</summary>
internal readonly unsafe struct AddScaled(float* y, float* x, float weight, int count) : ILaneKernel
{
    private readonly float* _y = y, _x = x;
    private readonly float _weight = weight;
    private readonly int _count = count;

    public void Run<TLanes>() where TLanes : struct, ILanes<TLanes> => FactorRows<TLanes>.Add(_y, _x, _weight, _count);
}

/// <summary>y = y + a b over a multiple of 16 numbers.</summary>
internal readonly unsafe struct AddProducts(float* y, float* a, float* b, int count) : ILaneKernel
{
    private readonly float* _y = y, _a = a, _b = b;
    private readonly int _count = count;

    public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
    {
        for (var i = 0; i < _count; i += Lanes.Count)
            TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(_a + i), TLanes.Load(_b + i), TLanes.Load(_y + i)), _y + i);
    }
}
