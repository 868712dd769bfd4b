using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>A square of weights, one row per query and one column per key, of which only what does not lie in the future counts.</summary>
/// <param name="weights">The weights, row by row.</param>
/// <param name="length">Rows, and columns.</param>
/// <param name="scale">What the products of queries and keys are multiplied by.</param>
/// <param name="bits">What is not dropped, one bit per weight; null if nothing is.</param>
/// <param name="keptScale">What the weights that are not dropped are multiplied by.</param>
internal readonly unsafe struct CausalWeights(float* weights, int length, float scale, ushort* bits, float keptScale)
{
    /// <summary>A bias that leaves nothing of a weight beside any other.</summary>
    public const float Never = -1e30f;

    public readonly float* Weights = weights;
    public readonly int Length = length, Stride = Matrix.StrideFor(length);
    public readonly float Scale = scale, KeptScale = keptScale;
    public readonly ushort* Bits = bits;

    /// <summary>The columns of a row that count, rounded up to whole lanes.</summary>
    public static int Until(int row) => (row + Lanes.Count) & ~(Lanes.Count - 1);

    /// <summary>Numbers of a ramp: what is the same for all pairs of a row and a column so many rows before, the longest distance first, and room for the future behind.</summary>
    public static int RampLength(int length) => length + Lanes.Count;

    /// <summary>A row's part of a ramp, which begins with the first column.</summary>
    public float* Along(float* ramp, int row) => ramp + (Length - 1 - row);

    /// <summary>A row's numbers with those dropped that are, and the others scaled.</summary>
    public TLanes Kept<TLanes>(TLanes numbers, int row, int column) where TLanes : struct, ILanes<TLanes>
        => TLanes.Multiply(TLanes.Keep(numbers, Bits[((row * Stride) + column) / Lanes.Count]), TLanes.All(KeptScale));
}

/// <summary>Each row's softmax over itself and the rows before it, in place of the products; the weights of later rows become 0.</summary>
/// <param name="square">The products.</param>
/// <param name="biases">A ramp of biases, with <see cref="CausalWeights.Never"/> for the future.</param>
/// <param name="kept">Receives the weights of which some are dropped; the weights themselves if none is.</param>
internal readonly unsafe struct CausalSoftmax(CausalWeights square, float* biases, float* kept) : ILaneKernel
{
    private readonly CausalWeights _square = square;
    private readonly float* _biases = biases, _kept = kept;

    public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
    {
        var scale = TLanes.All(_square.Scale);
        for (var i = 0; i < _square.Length; i++)
        {
            float* row = _square.Weights + ((nint)i * _square.Stride), kept = _kept + ((nint)i * _square.Stride), bias = _square.Along(_biases, i);
            var until = CausalWeights.Until(i);
            var most = TLanes.All(CausalWeights.Never);
            for (var j = 0; j < until; j += Lanes.Count)
            {
                var score = TLanes.MultiplyAdd(TLanes.Load(row + j), scale, TLanes.Load(bias + j));
                most = TLanes.Max(most, score);
                TLanes.Store(score, row + j);
            }

            var (top, sum) = (TLanes.All(TLanes.Greatest(most)), TLanes.Zero);
            for (var j = 0; j < until; j += Lanes.Count)
            {
                var e = LaneMath<TLanes>.Exp(TLanes.Subtract(TLanes.Load(row + j), top));
                sum = TLanes.Add(sum, e);
                TLanes.Store(e, row + j);
            }

            new Span<float>(row + i + 1, _square.Stride - i - 1).Clear(); // they weighed next to nothing, but nothing is what they shall weigh
            var share = TLanes.All(1 / TLanes.Sum(sum));
            for (var j = 0; j < until; j += Lanes.Count)
            {
                var weight = TLanes.Multiply(TLanes.Load(row + j), share);
                TLanes.Store(weight, row + j);
                if (_square.Bits is not null)
                    TLanes.Store(_square.Kept(weight, i, j), kept + j);
            }
        }
    }
}

/// <summary>
/// Turns the gradient of the kept weights into that of the products of queries and keys, in place, and adds that of the biases to a ramp. With p the weights and g the gradient of each:
/// the gradient of what the softmax was taken of is p (g - Σ p g).
/// </summary>
/// <param name="square">The weights.</param>
/// <param name="slopes">Gradients, as many as weights; those of the future become 0.</param>
/// <param name="biases">A ramp of gradients.</param>
internal readonly unsafe struct CausalSoftmaxSlopes(CausalWeights square, float* slopes, float* biases) : ILaneKernel
{
    private readonly CausalWeights _square = square;
    private readonly float* _slopes = slopes, _biases = biases;

    public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
    {
        var scale = TLanes.All(_square.Scale);
        for (var i = 0; i < _square.Length; i++)
        {
            float* p = _square.Weights + ((nint)i * _square.Stride), g = _slopes + ((nint)i * _square.Stride), bias = _square.Along(_biases, i);
            var until = CausalWeights.Until(i);
            for (var j = 0; j < until && _square.Bits is not null; j += Lanes.Count)
                TLanes.Store(_square.Kept(TLanes.Load(g + j), i, j), g + j);
            var along = TLanes.All(FactorRows<TLanes>.Dot(p, g, until));
            for (var j = 0; j < until; j += Lanes.Count)
            {
                var slope = TLanes.Multiply(TLanes.Load(p + j), TLanes.Subtract(TLanes.Load(g + j), along));
                TLanes.Store(TLanes.Add(TLanes.Load(bias + j), slope), bias + j);
                TLanes.Store(TLanes.Multiply(slope, scale), g + j);
            }

            new Span<float>(g + until, _square.Stride - until).Clear(); // no product may see what a row would have gained from its future
        }
    }
}
