using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>Sequences that lie one behind the other in the rows of a matrix, without gaps.</summary>
/// <param name="Start">First row of each sequence, and behind the last one the number of rows.</param>
internal readonly record struct PackedSequences(int[] Start)
{
    /// <summary>Number of sequences.</summary>
    public int Count => Start.Length - 1;
}

/// <summary>
/// Every row takes the mean of the values of the rows before it and its own, weighted by how well its query meets their keys: softmax(Q K' / √width + bias by distance) V, in each
/// head and sequence by itself (Vaswani et al., 2017; biases by distance as in Raffel et al., 2020). Drop-out is on the weights.
/// </summary>
internal static unsafe class CausalAttention
{
    private const int RowsAtATime = 32; // the products leave out blocks that lie wholly in the future

    /// <summary>Computes it.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="qkv">n x 3 width: queries, keys, values.</param>
    /// <param name="bias">heads x longest distance, the bias of distance 0 in the LAST column; distances beyond have that of the first.</param>
    /// <param name="sequences">Which rows belong together.</param>
    /// <param name="dropout">What is dropped.</param>
    /// <param name="firstBlock">Number of the first block of the drop-out; <see cref="Blocks"/> of them are used.</param>
    /// <returns>n x width.</returns>
    public static Node Apply(Tape tape, Node qkv, Node bias, PackedSequences sequences, DropoutRule dropout, ulong firstBlock)
    {
        var width = qkv.Columns / 3;
        var y = tape.Result(qkv.Rows, width);
        new Span<float>(y.Value, y.Count).Clear();
        for (var sequence = 0; sequence < sequences.Count; sequence++)
        {
            var (first, length) = (sequences.Start[sequence], sequences.Start[sequence + 1] - sequences.Start[sequence]);
            for (var head = 0; head < bias.Rows; head++)
            {
                var one = new Head(tape, qkv, y, bias, head, first, length);
                one.Forward(dropout, firstBlock);
                firstBlock += (ulong)(length * one.Stride / Lanes.Count);
                if (tape.Learns)
                    Record(tape, one);
            }
        }

        return y;
    }

    private static void Record(Tape tape, Head head) => tape.Record(() => head.Backward());

    /// <summary>Blocks of drop-out that sequences take.</summary>
    public static ulong Blocks(PackedSequences sequences, int heads)
    {
        var blocks = 0;
        for (var s = 0; s < sequences.Count; s++)
        {
            var length = sequences.Start[s + 1] - sequences.Start[s];
            blocks += length * Matrix.StrideFor(length) / Lanes.Count * heads;
        }

        return (ulong)blocks;
    }

    /// <summary>One head in one sequence, with what its way back needs.</summary>
    private struct Head
    {
        private readonly Tape _tape;
        private readonly MatrixView _q, _k, _v, _y, _dq, _dk, _dv, _dy;
        private readonly float* _bias;
        private readonly float* _biasGradient;
        private readonly int _distances;
        private readonly int _length;
        private readonly float _scale;
        private readonly float* _weights;
        private float* _kept;
        private ushort* _bits;
        private float _keptScale;

        public Head(Tape tape, Node qkv, Node y, Node bias, int head, int first, int length)
        {
            var width = y.Columns / bias.Rows;
            (_tape, _length, _distances, Stride) = (tape, length, bias.Columns, Matrix.StrideFor(length));
            _scale = 1 / MathF.Sqrt(width);
            _keptScale = 1;
            var column = head * width;
            (_q, _k, _v) = (qkv.Values.Block(first, column, length, width), qkv.Values.Block(first, y.Columns + column, length, width), qkv.Values.Block(first, (2 * y.Columns) + column, length, width));
            _y = y.Values.Block(first, column, length, width);
            _bias = bias.Value + (head * bias.Columns);
            _weights = _kept = tape.Arena.TakeZeros((long)length * Stride);
            if (!tape.Learns)
                return;
            (_dq, _dk, _dv) = (qkv.Gradients.Block(first, column, length, width), qkv.Gradients.Block(first, y.Columns + column, length, width), qkv.Gradients.Block(first, (2 * y.Columns) + column, length, width));
            _dy = y.Gradients.Block(first, column, length, width);
            _biasGradient = bias.Gradient + (head * bias.Columns);
        }

        /// <summary>Numbers from one row of weights to the next: the length rounded up to 16.</summary>
        public int Stride { get; }

        public void Forward(DropoutRule dropout, ulong firstBlock)
        {
            for (var row = 0; row < _length; row += RowsAtATime)
            {
                var (rows, until) = Block(row);
                _tape.AddProduct(_q.Block(row, 0, rows, _q.Columns), _k.Block(0, 0, until, _k.Columns).Transposed, Weights(_weights, row, rows, until));
            }

            LaneKernels.Run(_tape.Isa, new CausalSoftmax(_weights, Stride, _length, _scale, _bias, _distances));
            if (_tape.Learns && dropout.Drops)
            {
                _bits = Dropout.Draw(_tape, dropout, firstBlock, _length * Stride / Lanes.Count);
                _keptScale = dropout.Scale;
                _kept = _tape.Arena.TakeZeros((long)_length * Stride);
                LaneKernels.Run(_tape.Isa, new AddKept(_weights, _bits, _keptScale, _kept, _length * Stride));
            }

            for (var row = 0; row < _length; row += RowsAtATime)
            {
                var (rows, until) = Block(row);
                _tape.AddProduct(Weights(_kept, row, rows, until), _v.Block(0, 0, until, _v.Columns), _y.Block(row, 0, rows, _y.Columns));
            }
        }

        /// <summary>With p the weights and g the gradient of each: the gradient of what the softmax was taken of is p (g - Σ p g).</summary>
        public readonly void Backward()
        {
            var slopes = _tape.Arena.TakeZeros((long)_length * Stride);
            for (var row = 0; row < _length; row += RowsAtATime)
            {
                var (rows, until) = Block(row);
                _tape.AddProduct(_dy.Block(row, 0, rows, _dy.Columns), _v.Block(0, 0, until, _v.Columns).Transposed, Weights(slopes, row, rows, until));
                _tape.AddProduct(Weights(_kept, row, rows, until).Transposed, _dy.Block(row, 0, rows, _dy.Columns), _dv.Block(0, 0, until, _dv.Columns));
            }

            if (_bits is not null)
            {
                var dropped = _tape.Arena.TakeZeros((long)_length * Stride);
                LaneKernels.Run(_tape.Isa, new AddKept(slopes, _bits, _keptScale, dropped, _length * Stride));
                slopes = dropped;
            }

            LaneKernels.Run(_tape.Isa, new CausalSoftmaxSlopes(_weights, slopes, Stride, _length, _scale, _biasGradient, _distances));
            for (var row = 0; row < _length; row += RowsAtATime)
            {
                var (rows, until) = Block(row);
                _tape.AddProduct(Weights(slopes, row, rows, until), _k.Block(0, 0, until, _k.Columns), _dq.Block(row, 0, rows, _dq.Columns));
                _tape.AddProduct(Weights(slopes, row, rows, until).Transposed, _q.Block(row, 0, rows, _q.Columns), _dk.Block(0, 0, until, _dk.Columns));
            }
        }

        /// <summary>The rows of a block, and the first row that all of them lie before.</summary>
        private readonly (int Rows, int Until) Block(int row) => (Math.Min(RowsAtATime, _length - row), Math.Min(row + RowsAtATime, _length));

        private readonly MatrixView Weights(float* weights, int row, int rows, int until) => new(weights + (row * Stride), rows, until, Stride, 1);
    }
}

/// <summary>Each row's softmax over itself and the rows before it, in place; the weights of later rows become 0.</summary>
internal readonly unsafe struct CausalSoftmax(float* weights, int stride, int length, float scale, float* bias, int distances) : ILaneKernel
{
    private const float Never = -1e30f;
    private readonly float* _weights = weights, _bias = bias;
    private readonly int _stride = stride, _length = length, _distances = distances;
    private readonly float _scale = scale;

    public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
    {
        for (var i = 0; i < _length; i++)
        {
            var row = _weights + ((nint)i * _stride);
            for (var j = 0; j <= i; j++)
                row[j] = (row[j] * _scale) + _bias[Math.Max(0, _distances - 1 - (i - j))];
            var until = (i + Lanes.Count) & ~(Lanes.Count - 1);
            for (var j = i + 1; j < until; j++)
                row[j] = Never;
            var most = TLanes.Load(row);
            for (var j = Lanes.Count; j < until; j += Lanes.Count)
                most = TLanes.Max(most, TLanes.Load(row + j));
            var top = TLanes.All(TLanes.Greatest(most));
            var sum = TLanes.Zero;
            for (var j = 0; j < until; j += Lanes.Count)
            {
                var e = LaneMath<TLanes>.Exp(TLanes.Subtract(TLanes.Load(row + j), top));
                sum = TLanes.Add(sum, e);
                TLanes.Store(e, row + j);
            }

            var share = TLanes.All(1 / TLanes.Sum(sum));
            for (var j = 0; j < until; j += Lanes.Count)
                TLanes.Store(TLanes.Multiply(TLanes.Load(row + j), share), row + j);
            new Span<float>(row + i + 1, _stride - i - 1).Clear();
        }
    }
}

/// <summary>Turns the gradient of the weights into that of the products of queries and keys, in place, and adds that of the biases.</summary>
internal readonly unsafe struct CausalSoftmaxSlopes(float* weights, float* slopes, int stride, int length, float scale, float* bias, int distances) : ILaneKernel
{
    private readonly float* _weights = weights, _slopes = slopes, _bias = bias;
    private readonly int _stride = stride, _length = length, _distances = distances;
    private readonly float _scale = scale;

    public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
    {
        var scale = TLanes.All(_scale);
        for (var i = 0; i < _length; i++)
        {
            float* p = _weights + ((nint)i * _stride), g = _slopes + ((nint)i * _stride);
            var until = (i + Lanes.Count) & ~(Lanes.Count - 1);
            var along = TLanes.All(FactorRows<TLanes>.Dot(p, g, until));
            for (var j = 0; j < until; j += Lanes.Count)
                TLanes.Store(TLanes.Multiply(TLanes.Load(p + j), TLanes.Subtract(TLanes.Load(g + j), along)), g + j);
            for (var j = 0; j <= i; j++)
                _bias[Math.Max(0, _distances - 1 - (i - j))] += g[j];
            for (var j = 0; j < until; j += Lanes.Count)
                TLanes.Store(TLanes.Multiply(TLanes.Load(g + j), scale), g + j);
            new Span<float>(g + until, _stride - until).Clear(); // no product may see what a row would have gained from its future
        }
    }
}
