using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>y = x W + b, row by row.</summary>
internal static unsafe class Dense
{
    /// <summary>Computes it.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="x">n x from.</param>
    /// <param name="weights">from x to.</param>
    /// <param name="bias">1 x to.</param>
    /// <returns>n x to.</returns>
    public static Node Apply(Tape tape, Node x, Node weights, Node bias)
    {
        weights.Require(x.Columns, weights.Columns, nameof(weights));
        bias.Require(1, weights.Columns, nameof(bias));
        var y = tape.Result(x.Rows, weights.Columns);
        for (var row = 0; row < y.Rows; row++)
            new Span<float>(bias.Value, y.Columns).CopyTo(new(y.Value + ((nint)row * y.Columns), y.Columns));
        tape.AddProduct(x.Values, weights.Values, y.Values);
        if (tape.Learns)
            Record(tape, x, weights, bias, y);
        return y;
    }

    private static void Record(Tape tape, Node x, Node weights, Node bias, Node y) => tape.Record(() =>
    {
        tape.AddProduct(x.Values.Transposed, y.Gradients, weights.Gradients);
        tape.AddProduct(y.Gradients, weights.Values.Transposed, x.Gradients);
        LaneKernels.Run(tape.Isa, new SumRows(y.Gradient, y.Rows, y.Columns, bias.Gradient));
    });
}

/// <summary>sum = sum + row 0 + row 1 + ..., in this order.</summary>
internal readonly unsafe struct SumRows(float* rows, int count, int columns, float* sum) : ILaneKernel
{
    private readonly float* _rows = rows;
    private readonly int _count = count;
    private readonly int _columns = columns;
    private readonly float* _sum = sum;

    public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
    {
        for (var j = 0; j < _columns; j += Lanes.Count)
        {
            var sum = TLanes.Load(_sum + j);
            for (var row = 0; row < _count; row++)
                sum = TLanes.Add(sum, TLanes.Load(_rows + ((nint)row * _columns) + j));
            TLanes.Store(sum, _sum + j);
        }
    }
}
