namespace Recs.Training.Evaluating.Figures;

/// <summary>
/// Figures of one person's list. Ranks are those of the movies to be found, from 1, ascending; ranks behind the list may be missing. A movie is either to be found or not:
/// its rating does not count.
/// </summary>
public static class RankingMetrics
{
    /// <summary>Movies found among the first k.</summary>
    public static int Hits(ReadOnlySpan<int> ranks, int k)
    {
        var hits = 0;
        while (hits < ranks.Length && ranks[hits] <= k)
            hits++;
        return hits;
    }

    /// <summary>Hit ratio at k: 1 if any of the movies is among the first k.</summary>
    public static double HitRatio(ReadOnlySpan<int> ranks, int k) => Hits(ranks, k) > 0 ? 1 : 0;

    /// <summary>Precision at k: the share of the k places that hold a movie to be found. A list shorter than k has empty places.</summary>
    public static double Precision(ReadOnlySpan<int> ranks, int k) => (double)Hits(ranks, k) / k;

    /// <summary>Recall at k: the share of the movies to be found that are among the first k.</summary>
    public static double Recall(ReadOnlySpan<int> ranks, int targets, int k) => (double)Hits(ranks, k) / targets;

    /// <summary>
    /// Normalised discounted cumulative gain at k with gains of 0 and 1: the sum of 1 / log2(rank + 1) over the movies found, over the same sum for the best list that
    /// there could be (Järvelin and Kekäläinen, "Cumulated Gain-Based Evaluation of IR Techniques", 2002).
    /// </summary>
    public static double Ndcg(ReadOnlySpan<int> ranks, int targets, int k)
    {
        var gain = 0.0;
        for (var i = 0; i < Hits(ranks, k); i++)
            gain += Discount(ranks[i]);
        var best = 0.0;
        for (var rank = 1; rank <= Math.Min(targets, k); rank++)
            best += Discount(rank);
        return gain / best;
    }

    /// <summary>Average precision at k: the mean, over the movies that could be found (min(targets, k)), of the precision at the rank of each that was.</summary>
    public static double AveragePrecision(ReadOnlySpan<int> ranks, int targets, int k)
    {
        var sum = 0.0;
        for (var i = 0; i < Hits(ranks, k); i++)
            sum += (i + 1.0) / ranks[i];
        return sum / Math.Min(targets, k);
    }

    /// <summary>Reciprocal rank of the first movie found, over the whole list.</summary>
    public static double ReciprocalRank(int bestRank) => 1.0 / bestRank;

    private static double Discount(int rank) => 1 / Math.Log2(rank + 1);
}
