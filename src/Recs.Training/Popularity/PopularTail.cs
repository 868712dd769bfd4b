namespace Recs.Training.Popularity;

/// <summary>
/// What stands behind the movies that a history reaches: those that it does not reach, the most popular first. Each scores its popularity times 2^-100, above 0 and below
/// whatever a history reaches (a weight is at least 2e-9 and a similarity at least 1e-13, together 2^-73; 2^24 people give 2^-76), so a slate of a short history
/// is filled by fame and not in the order of ids, and the shares of a score still sum to it.
/// </summary>
internal static class PopularTail
{
    private const float Step = 7.888609052210118e-31f; // 2^-100

    /// <summary>Gives every movie whose score is 0 its place in the tail.</summary>
    /// <param name="scores">One score per movie, none below 0.</param>
    /// <param name="popularity">People per movie.</param>
    public static void Fill(Span<float> scores, ReadOnlySpan<float> popularity)
    {
        for (var movie = 0; movie < scores.Length; movie++)
            if (scores[movie] == 0)
                scores[movie] = popularity[movie] * Step;
    }
}
