using System.Numerics;

namespace Recs.Training.Reranking;

/// <summary>Reads a set of genres that is held as bits.</summary>
internal static class GenreSet
{
    /// <summary>How many genres are in it.</summary>
    public static int Count(ReadOnlySpan<ulong> genres)
    {
        var count = 0;
        foreach (var word in genres)
            count += BitOperations.PopCount(word);
        return count;
    }

    /// <summary>Gives each genre of the set an equal part of 1.</summary>
    /// <returns>False if the set is empty.</returns>
    public static bool AddShares(ReadOnlySpan<ulong> genres, Span<double> shares)
    {
        var count = Count(genres);
        var part = 1.0 / count;
        for (var word = 0; word < genres.Length; word++)
            for (var bits = genres[word]; bits != 0; bits &= bits - 1)
                shares[(64 * word) + BitOperations.TrailingZeroCount(bits)] += part;
        return count > 0;
    }
}
