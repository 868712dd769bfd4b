namespace Recs.Training.Numerics;

/// <summary>
/// Sixteen single-precision lanes, the one width that every sum over factors is defined in: a kernel written over them has the same bits whether they are one
/// register of 512 bits, two of 256 or plain numbers.
/// </summary>
/// <typeparam name="TSelf">The kind of lanes.</typeparam>
internal unsafe interface ILanes<TSelf> where TSelf : struct, ILanes<TSelf>
{
    /// <summary>Sixteen zeros.</summary>
    static abstract TSelf Zero { get; }

    /// <summary>Sixteen times the same number.</summary>
    static abstract TSelf All(float value);

    /// <summary>Sixteen numbers from memory, aligned or not.</summary>
    static abstract TSelf Load(float* from);

    /// <summary>Writes the sixteen numbers.</summary>
    static abstract void Store(TSelf lanes, float* to);

    /// <summary>a b, lane by lane.</summary>
    static abstract TSelf Multiply(TSelf a, TSelf b);

    /// <summary>a + b, lane by lane.</summary>
    static abstract TSelf Add(TSelf a, TSelf b);

    /// <summary>a - b, lane by lane.</summary>
    static abstract TSelf Subtract(TSelf a, TSelf b);

    /// <summary>a b + c, rounded once, lane by lane.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary>a / b, lane by lane.</summary>
    static abstract TSelf Divide(TSelf a, TSelf b);

    /// <summary>a where it is greater than b, else b, lane by lane: so b where one of them is not a number, and where both are zero.</summary>
    static abstract TSelf Max(TSelf a, TSelf b);

    /// <summary>a where it is less than b, else b, lane by lane: so b where one of them is not a number, and where both are zero.</summary>
    static abstract TSelf Min(TSelf a, TSelf b);

    /// <summary>The square root, lane by lane.</summary>
    static abstract TSelf SquareRoot(TSelf a);

    /// <summary>a times 2 to the power of the other lane, which must hold a whole number from -126 to 127; the result must be a normal number, if a is one.</summary>
    static abstract TSelf TimesPowerOfTwo(TSelf a, TSelf whole);

    /// <summary>The lanes whose bit is set, the others 0: lane l belongs to bit l.</summary>
    static abstract TSelf Keep(TSelf a, ushort bits);

    /// <summary>The sum of the lanes by halves: lane l and lane l + 8, then l + 4, l + 2 and l + 1.</summary>
    static abstract float Sum(TSelf lanes);

    /// <summary>The greatest lane, found by halves as the sum is, each time by <see cref="Max"/>.</summary>
    static abstract float Greatest(TSelf lanes);
}

/// <summary>What all kinds of lanes share.</summary>
internal static class Lanes
{
    /// <summary>Numbers at a time.</summary>
    public const int Count = 16;

    /// <summary>What is added to the exponent of a single-precision number in its bits.</summary>
    public const int ExponentBias = 127;

    /// <summary>Bits of a single-precision number below its exponent.</summary>
    public const int FractionBits = 23;
}
