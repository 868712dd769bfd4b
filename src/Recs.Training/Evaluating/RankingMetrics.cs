namespace Recs.Training.Evaluating;

/// <summary>Figures of one user's list when exactly one movie was to be found. Ranks count from 1.</summary>
public static class RankingMetrics
{
    /// <summary>Hit ratio at k: 1 if the movie is among the first k. With one movie to be found it equals recall.</summary>
    public static double HitRatio(int rank, int k) => rank <= k ? 1 : 0;

    /// <summary>Normalised discounted cumulative gain at k: 1 / log2(rank + 1) if the movie is among the first k (Järvelin and Kekäläinen, 2002).</summary>
    public static double Ndcg(int rank, int k) => rank <= k ? 1 / Math.Log2(rank + 1) : 0;

    /// <summary>Reciprocal rank over the whole list.</summary>
    public static double ReciprocalRank(int rank) => 1.0 / rank;

    /// <summary>Average precision at k: with one movie to be found, its reciprocal rank if it is among the first k.</summary>
    public static double AveragePrecision(int rank, int k) => rank <= k ? 1.0 / rank : 0;
}
