namespace Recs.Training.Scoring;

/// <summary>Picks the best movies of a score vector. Equal scores are ordered by ordinal movie id, which is the order of dense ids.</summary>
public static class SlateRanking
{
    /// <summary>The score of a movie that must not be in a slate.</summary>
    public const float LeftOut = float.NegativeInfinity;

    /// <summary>Leaves out movies, such as those of the user's history.</summary>
    public static void LeaveOut(Span<float> scores, ReadOnlySpan<int> movies)
    {
        foreach (var movie in movies)
            scores[movie] = LeftOut;
    }

    /// <summary>Leaves out every movie whose bit is not set, such as those of other genres.</summary>
    /// <param name="scores">One score per movie.</param>
    /// <param name="allowed">Bit m % 64 of element m / 64 belongs to movie m.</param>
    public static void KeepOnly(Span<float> scores, ReadOnlySpan<ulong> allowed)
    {
        if (allowed.Length < (scores.Length + 63) / 64)
            throw new ArgumentException($"{allowed.Length} words of 64 bits for {scores.Length} movies.", nameof(allowed));
        for (var movie = 0; movie < scores.Length; movie++)
            if ((allowed[movie >> 6] >> (movie & 63) & 1) == 0)
                scores[movie] = LeftOut;
    }

    /// <summary>The best movies, best first. Allocates nothing.</summary>
    /// <param name="scores">One score per movie; <see cref="LeftOut"/> for those that must not appear.</param>
    /// <param name="movies">Receives dense movie ids; its length is the k that is wanted.</param>
    /// <param name="best">Receives their scores; at least as long as <paramref name="movies"/>.</param>
    /// <returns>How many were found: fewer than k only if fewer movies are allowed.</returns>
    public static int TopK(ReadOnlySpan<float> scores, Span<int> movies, Span<float> best) => Numerics.TopK.Select(scores, movies, best);
}
