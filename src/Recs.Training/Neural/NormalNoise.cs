using Recs.Training.Numerics;

namespace Recs.Training.Neural;

/// <summary>Normal numbers by position: mean 0, variance 1, by the polar method (Marsaglia and Bray, "A Convenient Method for Generating Normal Variables", 1964).</summary>
/// <param name="random">Keyed by seed and purpose.</param>
internal readonly struct NormalNoise(CounterRandom random)
{
    private const int AttemptBits = 8; // of the draw's number: a point misses the circle in 21 % of all attempts
    private const double Unit = 1.0 / (1L << 52);

    /// <summary>Writes draws <c>firstDraw</c>, <c>firstDraw + 1</c>, ...</summary>
    /// <param name="to">Receives them.</param>
    /// <param name="count">How many, an even number.</param>
    /// <param name="firstDraw">An even number.</param>
    public unsafe void Fill(float* to, int count, ulong firstDraw)
    {
        for (var i = 0; i < count; i += 2)
            (to[i], to[i + 1]) = Pair((firstDraw + (ulong)i) << AttemptBits);
    }

    private (float First, float Second) Pair(ulong at)
    {
        while (true)
        {
            double x = Side(at++), y = Side(at++);
            var square = (x * x) + (y * y);
            if (square is 0 or >= 1)
                continue;
            var scale = Math.Sqrt(-2 * DeterministicMath.Log(square) / square);
            return ((float)(x * scale), (float)(y * scale));
        }
    }

    /// <summary>From -1 to 1.</summary>
    private double Side(ulong at) => ((random.Bits(at) >> 11) * Unit) - 1;
}
