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
        qkv.Require(sequences.Start[^1], 3 * (width / bias.Rows) * bias.Rows, nameof(qkv));
        var y = tape.Result(qkv.Rows, width);
        new Span<float>(y.Value, y.Count).Clear();
        for (var sequence = 0; sequence < sequences.Count; sequence++)
        {
            var (first, length) = (sequences.Start[sequence], sequences.Start[sequence + 1] - sequences.Start[sequence]);
            for (var head = 0; head < bias.Rows; head++)
            {
                var one = new Head(tape, qkv, y, bias, head, first, length);
                one.Forward(dropout, firstBlock);
                firstBlock += BlocksOf(length);
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
        var blocks = 0UL;
        for (var s = 0; s < sequences.Count; s++)
            blocks += BlocksOf(sequences.Start[s + 1] - sequences.Start[s]);
        return blocks * (ulong)heads;
    }

    private static ulong BlocksOf(int length) => (ulong)length * (ulong)(Matrix.StrideFor(length) / Lanes.Count);

    /// <summary>One head in one sequence, with what its way back needs.</summary>
    private struct Head
    {
        private readonly Tape _tape;
        private readonly MatrixView _q, _k, _v, _y, _dq, _dk, _dv, _dy;
        private readonly float* _bias;
        private readonly float* _biasGradient;
        private readonly int _distances;
        private readonly int _length;
        private CausalWeights _square;
        private float* _kept; // the weights that are not dropped

        public Head(Tape tape, Node qkv, Node y, Node bias, int head, int first, int length)
        {
            var width = y.Columns / bias.Rows;
            (_tape, _length, _distances) = (tape, length, bias.Columns);
            var column = head * width;
            (_q, _k, _v) = (qkv.Values.Block(first, column, length, width), qkv.Values.Block(first, y.Columns + column, length, width), qkv.Values.Block(first, (2 * y.Columns) + column, length, width));
            _y = y.Values.Block(first, column, length, width);
            _bias = bias.Value + (head * bias.Columns);
            if (!tape.Learns)
                return;
            (_dq, _dk, _dv) = (qkv.Gradients.Block(first, column, length, width), qkv.Gradients.Block(first, y.Columns + column, length, width), qkv.Gradients.Block(first, (2 * y.Columns) + column, length, width));
            _dy = y.Gradients.Block(first, column, length, width);
            _biasGradient = bias.Gradient + (head * bias.Columns);
        }

        public void Forward(DropoutRule dropout, ulong firstBlock)
        {
            var drops = _tape.Learns && dropout.Drops;
            var numbers = (long)_length * Matrix.StrideFor(_length);
            var weights = _tape.Arena.TakeZeros(numbers);
            _square = new(weights, _length, 1 / MathF.Sqrt(_q.Columns), drops ? Draw(dropout, firstBlock) : null, dropout.Scale);
            _kept = drops ? _tape.Arena.TakeZeros(numbers) : weights;
            for (var row = 0; row < _length; row += RowsAtATime)
            {
                var (rows, until) = Block(row);
                _tape.AddProduct(_q.Block(row, 0, rows, _q.Columns), _k.Block(0, 0, until, _k.Columns).Transposed, Part(weights, row, rows, until));
            }

            LaneKernels.Run(_tape.Isa, new CausalSoftmax(_square, Biases(), _kept));
            for (var row = 0; row < _length; row += RowsAtATime)
            {
                var (rows, until) = Block(row);
                _tape.AddProduct(Part(_kept, row, rows, until), _v.Block(0, 0, until, _v.Columns), _y.Block(row, 0, rows, _y.Columns));
            }
        }

        public readonly void Backward()
        {
            var mark = _tape.Arena.Mark;
            var slopes = _tape.Arena.TakeZeros((long)_length * _square.Stride);
            var biases = _tape.Arena.TakeZeros(CausalWeights.RampLength(_length));
            for (var row = 0; row < _length; row += RowsAtATime)
            {
                var (rows, until) = Block(row);
                _tape.AddProduct(_dy.Block(row, 0, rows, _dy.Columns), _v.Block(0, 0, until, _v.Columns).Transposed, Part(slopes, row, rows, until));
                _tape.AddProduct(Part(_kept, row, rows, until).Transposed, _dy.Block(row, 0, rows, _dy.Columns), _dv.Block(0, 0, until, _dv.Columns));
            }

            LaneKernels.Run(_tape.Isa, new CausalSoftmaxSlopes(_square, slopes, biases));
            for (var row = 0; row < _length; row += RowsAtATime)
            {
                var (rows, until) = Block(row);
                _tape.AddProduct(Part(slopes, row, rows, until), _k.Block(0, 0, until, _k.Columns), _dq.Block(row, 0, rows, _dq.Columns));
                _tape.AddProduct(Part(slopes, row, rows, until).Transposed, _q.Block(row, 0, rows, _q.Columns), _dk.Block(0, 0, until, _dk.Columns));
            }

            for (var i = 0; i < _length; i++)
                _biasGradient[Column(i)] += biases[i];
            _tape.Arena.Release(mark);
        }

        /// <summary>The bits of the weights that can be dropped at all; those of the future keep their numbers, but are not drawn.</summary>
        private readonly ushort* Draw(DropoutRule dropout, ulong firstBlock)
        {
            var blocks = Matrix.StrideFor(_length) / Lanes.Count;
            var bits = _tape.Arena.Take<ushort>((long)_length * blocks);
            for (var row = 0; row < _length; row++)
                for (var block = 0; block < CausalWeights.Until(row) / Lanes.Count; block++)
                    bits[(row * blocks) + block] = dropout.Bits(firstBlock + (ulong)((row * blocks) + block));
            return bits;
        }

        /// <summary>The biases as a ramp.</summary>
        private readonly float* Biases()
        {
            var ramp = _tape.Arena.Take<float>(CausalWeights.RampLength(_length));
            for (var i = 0; i < _length; i++)
                ramp[i] = _bias[Column(i)];
            new Span<float>(ramp + _length, Lanes.Count).Fill(CausalWeights.Never);
            return ramp;
        }

        /// <summary>Where a place of a ramp has its bias.</summary>
        private readonly int Column(int place) => Math.Max(0, _distances - _length + place);

        /// <summary>The rows of a block, and the first row that all of them lie before.</summary>
        private readonly (int Rows, int Until) Block(int row) => (Math.Min(RowsAtATime, _length - row), Math.Min(row + RowsAtATime, _length));

        private readonly MatrixView Part(float* square, int row, int rows, int until) => new(square + (row * _square.Stride), rows, until, _square.Stride, 1);
    }
}
