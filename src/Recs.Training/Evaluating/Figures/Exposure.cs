namespace Recs.Training.Evaluating.Figures;

/// <summary>How often each movie is in a list: figures of all lists together.</summary>
internal static class Exposure
{
    /// <summary>Counts the lists that hold each movie among their first k.</summary>
    public static int[] Count(IEnumerable<int[]> lists, int k, int movies)
    {
        var counts = new int[movies];
        foreach (var list in lists)
            foreach (var movie in list.AsSpan(0, Math.Min(k, list.Length)))
                counts[movie]++;
        return counts;
    }

    /// <summary>Share of the movies that are in at least one list.</summary>
    public static double Coverage(int[] counts) => (double)counts.Count(c => c > 0) / counts.Length;

    /// <summary>
    /// Gini coefficient of the counts: 0 if all movies are listed equally often, towards 1 the fewer share all places. Sum of (2 i - n - 1) x(i) over n times the sum of
    /// x, with x ascending and i from 1 (Gini, "Variabilità e mutabilità", 1912, in the form for a sorted sample).
    /// </summary>
    /// <returns>Null if nothing is listed.</returns>
    public static double? Gini(int[] counts)
    {
        var sorted = (int[])counts.Clone();
        Array.Sort(sorted);
        var (weighted, sum) = (0.0, 0.0);
        for (var i = 0; i < sorted.Length; i++)
        {
            weighted += ((2.0 * (i + 1)) - sorted.Length - 1) * sorted[i];
            sum += sorted[i];
        }

        return sum == 0 ? null : weighted / (sorted.Length * sum);
    }
}
