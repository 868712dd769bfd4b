using System.Runtime.CompilerServices;

namespace Recs.Training.Numerics;

/// <summary>Sixteen numbers, one after the other.</summary>
[InlineArray(Lanes.Count)]
internal unsafe struct PlainLanes : ILanes<PlainLanes>
{
    private float _first;

    public static PlainLanes Zero => default;

    public static PlainLanes All(float value)
    {
        Unsafe.SkipInit(out PlainLanes lanes);
        for (var lane = 0; lane < Lanes.Count; lane++)
            lanes[lane] = value;
        return lanes;
    }

    public static PlainLanes Load(float* from) => Unsafe.ReadUnaligned<PlainLanes>(from);

    public static void Store(PlainLanes lanes, float* to) => Unsafe.WriteUnaligned(to, lanes);

    public static PlainLanes Multiply(PlainLanes a, PlainLanes b)
    {
        for (var lane = 0; lane < Lanes.Count; lane++)
            a[lane] *= b[lane];
        return a;
    }

    public static PlainLanes Add(PlainLanes a, PlainLanes b)
    {
        for (var lane = 0; lane < Lanes.Count; lane++)
            a[lane] += b[lane];
        return a;
    }

    public static PlainLanes Subtract(PlainLanes a, PlainLanes b)
    {
        for (var lane = 0; lane < Lanes.Count; lane++)
            a[lane] -= b[lane];
        return a;
    }

    public static PlainLanes MultiplyAdd(PlainLanes a, PlainLanes b, PlainLanes c)
    {
        for (var lane = 0; lane < Lanes.Count; lane++)
            c[lane] = MathF.FusedMultiplyAdd(a[lane], b[lane], c[lane]);
        return c;
    }

    public static PlainLanes Divide(PlainLanes a, PlainLanes b)
    {
        for (var lane = 0; lane < Lanes.Count; lane++)
            a[lane] /= b[lane];
        return a;
    }

    public static PlainLanes Max(PlainLanes a, PlainLanes b)
    {
        for (var lane = 0; lane < Lanes.Count; lane++)
            a[lane] = a[lane] > b[lane] ? a[lane] : b[lane];
        return a;
    }

    public static PlainLanes Min(PlainLanes a, PlainLanes b)
    {
        for (var lane = 0; lane < Lanes.Count; lane++)
            a[lane] = a[lane] < b[lane] ? a[lane] : b[lane];
        return a;
    }

    public static PlainLanes SquareRoot(PlainLanes a)
    {
        for (var lane = 0; lane < Lanes.Count; lane++)
            a[lane] = MathF.Sqrt(a[lane]);
        return a;
    }

    public static PlainLanes TimesPowerOfTwo(PlainLanes a, PlainLanes whole)
    {
        for (var lane = 0; lane < Lanes.Count; lane++)
            a[lane] *= BitConverter.Int32BitsToSingle(((int)whole[lane] + Lanes.ExponentBias) << Lanes.FractionBits);
        return a;
    }

    public static PlainLanes Keep(PlainLanes a, ushort bits)
    {
        for (var lane = 0; lane < Lanes.Count; lane++)
            a[lane] = (bits >> lane & 1) == 0 ? 0 : a[lane];
        return a;
    }

    public static float Greatest(PlainLanes lanes)
    {
        for (var half = Lanes.Count / 2; half > 0; half /= 2)
            for (var lane = 0; lane < half; lane++)
                lanes[lane] = lanes[lane] > lanes[lane + half] ? lanes[lane] : lanes[lane + half];
        return lanes[0];
    }

    public static float Sum(PlainLanes lanes)
    {
        for (var half = Lanes.Count / 2; half > 0; half /= 2)
            for (var lane = 0; lane < half; lane++)
                lanes[lane] += lanes[lane + half];
        return lanes[0];
    }
}
