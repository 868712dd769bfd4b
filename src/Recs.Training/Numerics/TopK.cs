using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Recs.Training.Numerics;

/// <summary>Selection of the k greatest numbers. Only compares, so every instruction set gives the same result.</summary>
public static class TopK
{
    /// <summary>
    /// Finds the greatest numbers, greatest first, equal ones by lower index. Numbers that are not above negative infinity (NaN included) are
    /// never chosen.
    /// </summary>
    /// <param name="values">Where to look.</param>
    /// <param name="indices">Receives the indices; its length is k.</param>
    /// <param name="best">Receives the numbers; at least as long as <paramref name="indices"/>.</param>
    /// <returns>How many were found.</returns>
    public static int Select(ReadOnlySpan<float> values, Span<int> indices, Span<float> best)
    {
        if (indices.IsEmpty)
            return 0;
        best = best[..indices.Length];
        var found = 0;
        var threshold = float.NegativeInfinity; // what a number must exceed to get in
        var i = 0;
        ref var first = ref MemoryMarshal.GetReference(values);
        for (; i <= values.Length - Vector256<float>.Count; i += Vector256<float>.Count)
        {
            var candidates = Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)i), Vector256.Create(threshold)).ExtractMostSignificantBits();
            for (; candidates != 0; candidates &= candidates - 1)
                Offer(values, i + System.Numerics.BitOperations.TrailingZeroCount(candidates), indices, best, ref found, ref threshold);
        }

        for (; i < values.Length; i++)
            Offer(values, i, indices, best, ref found, ref threshold);
        return found;
    }

    private static void Offer(ReadOnlySpan<float> values, int index, Span<int> indices, Span<float> best, ref int found, ref float threshold)
    {
        var value = values[index];
        if (!(value > threshold)) // an equal number of higher index does not displace: indices are offered in ascending order
            return;
        var place = found < indices.Length ? found++ : found - 1;
        for (; place > 0 && value > best[place - 1]; place--)
            (best[place], indices[place]) = (best[place - 1], indices[place - 1]);
        (best[place], indices[place]) = (value, index);
        if (found == indices.Length)
            threshold = best[^1];
    }
}
