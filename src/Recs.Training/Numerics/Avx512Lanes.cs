using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Recs.Training.Numerics;

/// <summary>One register of 512 bits.</summary>
internal readonly unsafe struct Avx512Lanes(Vector512<float> value) : ILanes<Avx512Lanes>
{
    private readonly Vector512<float> _value = value;

    public static Avx512Lanes Zero => new(Vector512<float>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512Lanes All(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512Lanes Load(float* from) => new(Vector512.Load(from));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Avx512Lanes lanes, float* to) => lanes._value.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512Lanes Multiply(Avx512Lanes a, Avx512Lanes b) => new(Avx512F.Multiply(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512Lanes Add(Avx512Lanes a, Avx512Lanes b) => new(Avx512F.Add(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512Lanes Subtract(Avx512Lanes a, Avx512Lanes b) => new(Avx512F.Subtract(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512Lanes MultiplyAdd(Avx512Lanes a, Avx512Lanes b, Avx512Lanes c) => new(Avx512F.FusedMultiplyAdd(a._value, b._value, c._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512Lanes Divide(Avx512Lanes a, Avx512Lanes b) => new(Avx512F.Divide(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512Lanes Max(Avx512Lanes a, Avx512Lanes b) => new(Avx512F.Max(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512Lanes Min(Avx512Lanes a, Avx512Lanes b) => new(Avx512F.Min(a._value, b._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512Lanes SquareRoot(Avx512Lanes a) => new(Avx512F.Sqrt(a._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512Lanes TimesPowerOfTwo(Avx512Lanes a, Avx512Lanes whole) => new(Avx512F.Scale(a._value, whole._value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Avx512Lanes Keep(Avx512Lanes a, ushort bits)
    {
        var own = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        var set = Vector512.Equals(Avx512F.And(Vector512.Create((int)bits), own), own);
        return new(Avx512F.And(set, a._value.AsInt32()).AsSingle());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Greatest(Avx512Lanes lanes)
        => Avx2Lanes.GreatestOf(Avx.Max(Avx512F.ExtractVector256(lanes._value, 0), Avx512F.ExtractVector256(lanes._value, 1)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Avx512Lanes lanes)
        => Avx2Lanes.SumOf(Avx.Add(Avx512F.ExtractVector256(lanes._value, 0), Avx512F.ExtractVector256(lanes._value, 1)));
}
