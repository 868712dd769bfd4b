using System.Runtime.CompilerServices;
using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>A function of one number and its slope.</summary>
internal interface IActivation
{
    /// <summary>f(x).</summary>
    static abstract TLanes Value<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>;

    /// <summary>f'(x).</summary>
    static abstract TLanes Slope<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>;
}

/// <summary>x Φ(x) in its usual approximation, x sigmoid(2 √(2/π) (x + 0.044715 x³)) (Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016).</summary>
internal readonly struct Gelu : IActivation
{
    private const float Slant = 1.5957691f; // 2 √(2/π)
    private const float Cubic = 0.044715f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => TLanes.Multiply(x, Gate(x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Slope<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        var s = Gate(x);
        var inner = TLanes.MultiplyAdd(TLanes.Multiply(x, x), TLanes.All(3 * Cubic * Slant), TLanes.All(Slant));
        var bend = TLanes.Multiply(TLanes.Multiply(s, TLanes.Subtract(TLanes.All(1), s)), inner);
        return TLanes.MultiplyAdd(x, bend, s);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TLanes Gate<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
        => LaneMath<TLanes>.Sigmoid(TLanes.Multiply(x, TLanes.MultiplyAdd(TLanes.Multiply(x, x), TLanes.All(Cubic * Slant), TLanes.All(Slant))));
}

/// <summary>tanh x.</summary>
internal readonly struct Tanh : IActivation
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Value<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes> => LaneMath<TLanes>.Tanh(x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Slope<TLanes>(TLanes x) where TLanes : struct, ILanes<TLanes>
    {
        var t = LaneMath<TLanes>.Tanh(x);
        return TLanes.Subtract(TLanes.All(1), TLanes.Multiply(t, t));
    }
}

/// <summary>Applies a function to every number of a matrix.</summary>
/// <typeparam name="T">The function.</typeparam>
internal static unsafe class Activation<T> where T : struct, IActivation
{
    /// <summary>y = f(x).</summary>
    public static Node Apply(Tape tape, Node x)
    {
        var y = tape.Result(x.Rows, x.Columns);
        LaneKernels.Run(tape.Isa, new Forward(x, y));
        if (tape.Learns)
            Record(tape, x, y);
        return y;
    }

    private static void Record(Tape tape, Node x, Node y) => tape.Record(() => LaneKernels.Run(tape.Isa, new Backward(x, y)));

    private readonly struct Forward(Node x, Node y) : ILaneKernel
    {
        private readonly Node _x = x, _y = y;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            for (var i = 0; i < _x.Count; i += Lanes.Count)
                TLanes.Store(T.Value(TLanes.Load(_x.Value + i)), _y.Value + i);
        }
    }

    private readonly struct Backward(Node x, Node y) : ILaneKernel
    {
        private readonly Node _x = x, _y = y;

        public void Run<TLanes>() where TLanes : struct, ILanes<TLanes>
        {
            for (var i = 0; i < _x.Count; i += Lanes.Count)
                TLanes.Store(TLanes.MultiplyAdd(TLanes.Load(_y.Gradient + i), T.Slope(TLanes.Load(_x.Value + i)), TLanes.Load(_x.Gradient + i)), _x.Gradient + i);
        }
    }
}
