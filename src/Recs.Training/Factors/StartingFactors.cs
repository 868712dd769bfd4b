using Recs.Training.Numerics;

namespace Recs.Training.Factors;

/// <summary>Small random numbers that a fit begins with.</summary>
internal static class StartingFactors
{
    /// <summary>Draws factors evenly from -scale / 2 to scale / 2; the padding of each row stays zero.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="factors">Factors per row.</param>
    /// <param name="scale">Width of the range.</param>
    /// <param name="random">One draw per factor, by its place.</param>
    /// <returns>Rows of <see cref="Matrix.StrideFor"/> numbers.</returns>
    public static float[] Draw(int rows, int factors, float scale, CounterRandom random)
    {
        const float inverse = 1f / (1 << 24);
        var width = Matrix.StrideFor(factors);
        var drawn = new float[(long)rows * width];
        for (var row = 0; row < rows; row++)
            for (var factor = 0; factor < factors; factor++)
                drawn[((long)row * width) + factor] = scale * (((random.Bits(((ulong)row * (ulong)factors) + (ulong)factor) >> 40) * inverse) - 0.5f);
        return drawn;
    }
}
