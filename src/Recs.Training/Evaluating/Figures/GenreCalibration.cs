using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating.Figures;

/// <summary>
/// How far the genres of a list are from those of a history (Steck, "Calibrated Recommendations", 2018): the Kullback-Leibler divergence of p from (1 - α) q + α p, in
/// nats, where p and q are the mean genres of history and list, each movie giving 1 / (its genres) to each of them, and α = 0.01. 0 is a list as mixed as the history.
/// </summary>
internal static class GenreCalibration
{
    private const double Alpha = 0.01;

    /// <summary>Computes.</summary>
    /// <returns>Null if no movie of the history, or none of the list, has a genre.</returns>
    public static double? Of(MovieGenres genres, ReadOnlySpan<int> history, ReadOnlySpan<int> list)
        => Distribution(genres, history) is { } wanted && Distribution(genres, list) is { } listed ? Divergence(wanted, listed) : null;

    private static double Divergence(double[] p, double[] q)
    {
        var sum = 0.0;
        for (var genre = 0; genre < p.Length; genre++)
            if (p[genre] > 0)
                sum += p[genre] * Math.Log(p[genre] / (((1 - Alpha) * q[genre]) + (Alpha * p[genre])));
        return sum;
    }

    private static double[]? Distribution(MovieGenres genres, ReadOnlySpan<int> movies)
    {
        var shares = new double[genres.Names.Count];
        var counted = 0;
        foreach (var movie in movies)
        {
            var own = genres.Of(movie);
            counted += own.IsEmpty ? 0 : 1;
            foreach (var genre in own)
                shares[genre] += 1.0 / own.Length;
        }

        if (counted == 0)
            return null;
        for (var genre = 0; genre < shares.Length; genre++)
            shares[genre] /= counted;
        return shares;
    }
}
