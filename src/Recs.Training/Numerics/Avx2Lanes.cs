using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recs.Training.Numerics;

/// <summary>Two registers of 256 bits.</summary>
internal readonly unsafe struct Avx2Lanes(Vector256<float> low, Vector256<float> high) : ILanes<Avx2Lanes>
{
    private readonly Vector256<float> _low = low;
    private readonly Vector256<float> _high = high;

    public static Avx2Lanes Zero => new(Vector256<float>.Zero, Vector256<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2Lanes All(float value)
    {
        var all = Vector256.Create(value);
        return new(all, all);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2Lanes Load(float* from) => new(Vector256.Load(from), Vector256.Load(from + 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Avx2Lanes lanes, float* to)
    {
        lanes._low.Store(to);
        lanes._high.Store(to + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2Lanes Multiply(Avx2Lanes a, Avx2Lanes b) => new(Avx.Multiply(a._low, b._low), Avx.Multiply(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2Lanes Add(Avx2Lanes a, Avx2Lanes b) => new(Avx.Add(a._low, b._low), Avx.Add(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2Lanes Subtract(Avx2Lanes a, Avx2Lanes b) => new(Avx.Subtract(a._low, b._low), Avx.Subtract(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2Lanes MultiplyAdd(Avx2Lanes a, Avx2Lanes b, Avx2Lanes c)
        => new(Fma.MultiplyAdd(a._low, b._low, c._low), Fma.MultiplyAdd(a._high, b._high, c._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2Lanes Divide(Avx2Lanes a, Avx2Lanes b) => new(Avx.Divide(a._low, b._low), Avx.Divide(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2Lanes Max(Avx2Lanes a, Avx2Lanes b) => new(Avx.Max(a._low, b._low), Avx.Max(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2Lanes Min(Avx2Lanes a, Avx2Lanes b) => new(Avx.Min(a._low, b._low), Avx.Min(a._high, b._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2Lanes SquareRoot(Avx2Lanes a) => new(Avx.Sqrt(a._low), Avx.Sqrt(a._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2Lanes TimesPowerOfTwo(Avx2Lanes a, Avx2Lanes whole) => new(Avx.Multiply(a._low, PowerOfTwo(whole._low)), Avx.Multiply(a._high, PowerOfTwo(whole._high)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx2Lanes Keep(Avx2Lanes a, ushort bits) => new(Keep(a._low, bits), Keep(a._high, bits >> 8));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Greatest(Avx2Lanes lanes) => GreatestOf(Avx.Max(lanes._low, lanes._high));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Avx2Lanes lanes) => SumOf(Avx.Add(lanes._low, lanes._high));

    /// <summary>The sum of eight lanes by halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOf(Vector256<float> eight)
    {
        var four = Sse.Add(eight.GetLower(), eight.GetUpper());
        var two = Sse.Add(four, Sse.MoveHighToLow(four, four));
        return Sse.AddScalar(two, Sse.Shuffle(two, two, 1)).ToScalar();
    }

    /// <summary>The greatest of eight lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float GreatestOf(Vector256<float> eight)
    {
        var four = Sse.Max(eight.GetLower(), eight.GetUpper());
        var two = Sse.Max(four, Sse.MoveHighToLow(four, four));
        return Sse.MaxScalar(two, Sse.Shuffle(two, two, 1)).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> PowerOfTwo(Vector256<float> whole)
        => Avx2.ShiftLeftLogical(Avx2.Add(Avx.ConvertToVector256Int32(whole), Vector256.Create(Lanes.ExponentBias)), Lanes.FractionBits).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Keep(Vector256<float> a, int bits)
    {
        var own = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        return Avx2.And(Avx2.CompareEqual(Avx2.And(Vector256.Create(bits), own), own), a.AsInt32()).AsSingle();
    }
}
