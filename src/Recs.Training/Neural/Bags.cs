using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>Which rows of a table are added up for each row of a result, and with which weights.</summary>
/// <param name="count">Rows of the result; the arrays may be longer than they need.</param>
/// <param name="start">Place of each row's first entry, and behind the last row the number of entries.</param>
/// <param name="which">Row of the table per entry.</param>
/// <param name="weights">One per entry; null if all are 1.</param>
internal readonly struct BagRows(int count, int[] start, int[] which, float[]? weights = null)
{
    public readonly int[] Start = start;
    public readonly int[] Which = which;
    public readonly float[]? Weights = weights;

    /// <summary>Rows of arrays that are just as long as they need.</summary>
    public BagRows(int[] start, int[] which, float[]? weights = null) : this(start.Length - 1, start, which, weights)
    {
    }

    /// <summary>Rows of the result.</summary>
    public int Count { get; } = count;
}

/// <summary>y[i] = Σ weight table[which], over the entries of row i: embeddings, sums of embeddings, and the first layer of a network whose input is sparse.</summary>
internal static unsafe class Bags
{
    /// <summary>Computes it.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="table">Any number of rows.</param>
    /// <param name="bags">Entries; must not change until the tape is cleared.</param>
    /// <param name="onto">Rows that the sums are added to in place, such as another embedding's; null to begin with zeros.</param>
    /// <returns>One row per bag.</returns>
    public static Node Apply(Tape tape, Node table, BagRows bags, Node? onto = null)
    {
        onto?.Require(bags.Count, table.Columns, nameof(onto));
        var y = onto ?? tape.Result(bags.Count, table.Columns);
        if (onto is null)
            new Span<float>(y.Value, y.Count).Clear();
        fixed (int* start = bags.Start, which = bags.Which)
        fixed (float* weights = bags.Weights)
            LaneKernels.Run(tape.Isa, new Gather(table, start, which, weights, y));
        if (tape.Learns)
            Record(tape, table, bags, y);
        return y;
    }

    private static void Record(Tape tape, Node table, BagRows bags, Node y) => tape.Record(() =>
    {
        fixed (int* start = bags.Start, which = bags.Which)
        fixed (float* weights = bags.Weights)
            LaneKernels.Run(tape.Isa, new Scatter(table, start, which, weights, y));
    });

    private readonly struct Gather(Node table, int* start, int* which, float* weights, Node y) : ILaneKernel
    {
        private readonly Node _table = table, _y = y;
        private readonly int* _start = start, _which = which;
        private readonly float* _weights = weights;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            for (var row = 0; row < _y.Rows; row++)
                for (var entry = _start[row]; entry < _start[row + 1]; entry++)
                    FactorRows<TLanes>.Add(_y.Value + ((nint)row * _y.Columns), _table.Value + ((nint)_which[entry] * _y.Columns), _weights is null ? 1 : _weights[entry], _y.Columns);
        }
    }

    private readonly struct Scatter(Node table, int* start, int* which, float* weights, Node y) : ILaneKernel
    {
        private readonly Node _table = table, _y = y;
        private readonly int* _start = start, _which = which;
        private readonly float* _weights = weights;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            for (var row = 0; row < _y.Rows; row++)
                for (var entry = _start[row]; entry < _start[row + 1]; entry++)
                    FactorRows<TLanes>.Add(_table.Gradient + ((nint)_which[entry] * _y.Columns), _y.Gradient + ((nint)row * _y.Columns), _weights is null ? 1 : _weights[entry], _y.Columns);
        }
    }
}
