using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>y = gain (x - mean) / deviation + shift, mean and deviation over each row (Ba, Kiros and Hinton, "Layer Normalization", 2016).</summary>
internal static unsafe class LayerNorm
{
    private const float Epsilon = 1e-5f;

    /// <summary>Computes it.</summary>
    /// <param name="tape">Tape.</param>
    /// <param name="x">Rows.</param>
    /// <param name="gain">1 x columns.</param>
    /// <param name="shift">1 x columns.</param>
    public static Node Apply(Tape tape, Node x, Node gain, Node shift)
    {
        gain.Require(1, x.Columns, nameof(gain));
        shift.Require(1, x.Columns, nameof(shift));
        var y = tape.Result(x.Rows, x.Columns);
        var normal = tape.Arena.Take<float>(x.Count);
        var scale = tape.Arena.Take<float>(x.Rows);
        LaneKernels.Run(tape.Isa, new Forward(x, gain, shift, y, normal, scale));
        if (tape.Learns)
            tape.Record(Backward(tape, x, gain, shift, y, normal, scale));
        return y;
    }

    private static Action Backward(Tape tape, Node x, Node gain, Node shift, Node y, float* normal, float* scale)
    {
        var (normalAt, scaleAt) = ((nint)normal, (nint)scale);
        return () => LaneKernels.Run(tape.Isa, new Gradients(x, gain, shift, y, (float*)normalAt, (float*)scaleAt));
    }

    /// <summary>Keeps the normalised rows and 1 / deviation of each for the way back.</summary>
    private readonly struct Forward(Node x, Node gain, Node shift, Node y, float* normal, float* scale) : ILaneKernel
    {
        private readonly Node _x = x, _gain = gain, _shift = shift, _y = y;
        private readonly float* _normal = normal, _scale = scale;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var columns = _x.Columns;
            for (var row = 0; row < _x.Rows; row++)
            {
                float* x = _x.Value + ((nint)row * columns), y = _y.Value + ((nint)row * columns), normal = _normal + ((nint)row * columns);
                var sum = TLanes.Zero;
                for (var j = 0; j < columns; j += Lanes.Count)
                    sum = TLanes.Add(sum, TLanes.Load(x + j));
                var mean = TLanes.All(TLanes.Sum(sum) / columns);
                var squares = TLanes.Zero;
                for (var j = 0; j < columns; j += Lanes.Count)
                {
                    var d = TLanes.Subtract(TLanes.Load(x + j), mean);
                    squares = TLanes.MultiplyAdd(d, d, squares);
                }

                _scale[row] = 1 / MathF.Sqrt((TLanes.Sum(squares) / columns) + Epsilon);
                var scale = TLanes.All(_scale[row]);
                for (var j = 0; j < columns; j += Lanes.Count)
                {
                    var n = TLanes.Multiply(TLanes.Subtract(TLanes.Load(x + j), mean), scale);
                    TLanes.Store(n, normal + j);
                    TLanes.Store(TLanes.MultiplyAdd(n, TLanes.Load(_gain.Value + j), TLanes.Load(_shift.Value + j)), y + j);
                }
            }
        }
    }

    /// <summary>With g = gain dy and n the normalised row: dx = (g - mean(g) - n mean(g n)) / deviation.</summary>
    private readonly struct Gradients(Node x, Node gain, Node shift, Node y, float* normal, float* scale) : ILaneKernel
    {
        private readonly Node _x = x, _gain = gain, _shift = shift, _y = y;
        private readonly float* _normal = normal, _scale = scale;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            var columns = _x.Columns;
            for (var row = 0; row < _x.Rows; row++)
            {
                float* dx = _x.Gradient + ((nint)row * columns), dy = _y.Gradient + ((nint)row * columns), normal = _normal + ((nint)row * columns);
                TLanes sum = TLanes.Zero, along = TLanes.Zero;
                for (var j = 0; j < columns; j += Lanes.Count)
                {
                    TLanes d = TLanes.Load(dy + j), n = TLanes.Load(normal + j);
                    TLanes.Store(TLanes.MultiplyAdd(d, n, TLanes.Load(_gain.Gradient + j)), _gain.Gradient + j);
                    TLanes.Store(TLanes.Add(d, TLanes.Load(_shift.Gradient + j)), _shift.Gradient + j);
                    var g = TLanes.Multiply(d, TLanes.Load(_gain.Value + j));
                    sum = TLanes.Add(sum, g);
                    along = TLanes.MultiplyAdd(g, n, along);
                }

                TLanes mean = TLanes.All(TLanes.Sum(sum) / columns), slope = TLanes.All(TLanes.Sum(along) / columns), scale = TLanes.All(_scale[row]);
                for (var j = 0; j < columns; j += Lanes.Count)
                {
                    var g = TLanes.Multiply(TLanes.Load(dy + j), TLanes.Load(_gain.Value + j));
                    var bent = TLanes.Subtract(TLanes.Subtract(g, mean), TLanes.Multiply(slope, TLanes.Load(normal + j)));
                    TLanes.Store(TLanes.MultiplyAdd(bent, scale, TLanes.Load(dx + j)), dx + j);
                }
            }
        }
    }
}
