using System.Runtime.CompilerServices;

namespace Recs.Training.Numerics;

/// <summary>
/// Sums over rows of factors. A row is <c>width</c> numbers, a multiple of 16, those past the last factor zero. A dot product adds up sixteen lanes, lane l the
/// factors l, l + 16, ... in this order, and then the lanes (<see cref="ILanes{TSelf}.Sum"/>); a combination adds row by row. No bit depends on the kind of lanes.
/// </summary>
/// <typeparam name="TLanes">The kind of lanes.</typeparam>
internal static unsafe class FactorRows<TLanes> where TLanes : struct, ILanes<TLanes>
{
    /// <summary>a b'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Dot(float* a, float* b, int width)
    {
        var sum = TLanes.Zero;
        for (var j = 0; j < width; j += Lanes.Count)
            sum = TLanes.MultiplyAdd(TLanes.Load(a + j), TLanes.Load(b + j), sum);
        return TLanes.Sum(sum);
    }

    /// <summary>y = y + weight x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(float* y, float* x, float weight, int width)
    {
        var weights = TLanes.All(weight);
        for (var j = 0; j < width; j += Lanes.Count)
            TLanes.Store(TLanes.MultiplyAdd(weights, TLanes.Load(x + j), TLanes.Load(y + j)), y + j);
    }

    /// <summary>y = x + weight y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ScaleAndAdd(float* y, float* x, float weight, int width)
    {
        var weights = TLanes.All(weight);
        for (var j = 0; j < width; j += Lanes.Count)
            TLanes.Store(TLanes.MultiplyAdd(weights, TLanes.Load(y + j), TLanes.Load(x + j)), y + j);
    }

    /// <summary>The dot product of a vector and each of some rows.</summary>
    /// <param name="x">Vector.</param>
    /// <param name="rows">First number of row 0.</param>
    /// <param name="width">Numbers per row.</param>
    /// <param name="which">Rows to take.</param>
    /// <param name="count">How many.</param>
    /// <param name="dots">Receives one number per row taken.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Dots(float* x, float* rows, int width, int* which, int count, float* dots)
    {
        for (var k = 0; k < count; k++)
            dots[k] = Dot(x, rows + ((nint)which[k] * width), width);
    }

    /// <summary>The dot product of a vector and each of the rows 0 to <paramref name="count"/> - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AllDots(float* x, float* rows, int width, int count, float* dots)
    {
        for (var k = 0; k < count; k++)
            dots[k] = Dot(x, rows + ((nint)k * width), width);
    }

    /// <summary>y = y + weights[0] row[which[0]] + weights[1] row[which[1]] + ..., in this order.</summary>
    /// <param name="y">Receives the sum.</param>
    /// <param name="rows">First number of row 0.</param>
    /// <param name="width">Numbers from one row's start to the next's.</param>
    /// <param name="columns">Numbers of each row that take part, a multiple of 16.</param>
    /// <param name="which">Rows to take.</param>
    /// <param name="weights">One weight per row taken.</param>
    /// <param name="count">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine(float* y, float* rows, int width, int columns, int* which, float* weights, int count)
    {
        var j = 0;
        for (; j <= columns - (4 * Lanes.Count); j += 4 * Lanes.Count)
        {
            TLanes a = TLanes.Load(y + j), b = TLanes.Load(y + j + 16), c = TLanes.Load(y + j + 32), d = TLanes.Load(y + j + 48);
            for (var k = 0; k < count; k++)
            {
                var row = rows + ((nint)which[k] * width) + j;
                var weight = TLanes.All(weights[k]);
                a = TLanes.MultiplyAdd(weight, TLanes.Load(row), a);
                b = TLanes.MultiplyAdd(weight, TLanes.Load(row + 16), b);
                c = TLanes.MultiplyAdd(weight, TLanes.Load(row + 32), c);
                d = TLanes.MultiplyAdd(weight, TLanes.Load(row + 48), d);
            }

            TLanes.Store(a, y + j);
            TLanes.Store(b, y + j + 16);
            TLanes.Store(c, y + j + 32);
            TLanes.Store(d, y + j + 48);
        }

        for (; j < columns; j += Lanes.Count)
        {
            var sum = TLanes.Load(y + j);
            for (var k = 0; k < count; k++)
                sum = TLanes.MultiplyAdd(TLanes.All(weights[k]), TLanes.Load(rows + ((nint)which[k] * width) + j), sum);
            TLanes.Store(sum, y + j);
        }
    }
}
