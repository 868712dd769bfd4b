using Recs.Training.Numerics;

namespace Recs.Training.Blend;

/// <summary>
/// Where a member's scores of one person lie: their mean and standard deviation over the movies that are not in the history, which are the ones that may be listed. A score
/// stands for (score - mean) / deviation, so that members of any scale can be weighed against each other; where all scores are equal, for 0.
/// </summary>
/// <param name="Mean">Mean.</param>
/// <param name="PerDeviation">1 / standard deviation, or 0.</param>
internal readonly record struct ScoreSpread(double Mean, double PerDeviation)
{
    private const double Rounding = 1e-9; // deviations below that share of the mean

    /// <summary>Looks at all scores, in double precision and in one order, so that no bit depends on the machine.</summary>
    /// <param name="scores">One per movie.</param>
    /// <param name="history">Distinct movies that are left out.</param>
    public static ScoreSpread Of(ReadOnlySpan<float> scores, ReadOnlySpan<int> history)
    {
        var count = scores.Length - history.Length;
        if (count < 1)
            return default;
        var sum = Sum(scores);
        foreach (var movie in history)
            sum -= scores[movie];
        var mean = sum / count;
        var squares = SumOfSquares(scores, mean);
        foreach (var movie in history)
            squares -= (scores[movie] - mean) * (scores[movie] - mean);
        var deviation = Math.Sqrt(Math.Max(0, squares / count));
        return new(mean, deviation > Rounding * Math.Abs(mean) ? 1 / deviation : 0);
    }

    /// <summary>What a score stands for.</summary>
    public double Standard(double score) => (score - Mean) * PerDeviation;

    /// <summary>Four sums of every fourth score, so that one addition need not wait for the one before; then the four.</summary>
    private static double Sum(ReadOnlySpan<float> scores)
    {
        var (a, b, c, d, i) = (0.0, 0.0, 0.0, 0.0, 0);
        for (; i <= scores.Length - 4; i += 4)
            (a, b, c, d) = (a + scores[i], b + scores[i + 1], c + scores[i + 2], d + scores[i + 3]);
        for (; i < scores.Length; i++)
            a += scores[i];
        return a + b + (c + d);
    }

    /// <summary>The same with the squares of the differences from the mean.</summary>
    private static double SumOfSquares(ReadOnlySpan<float> scores, double mean)
    {
        var (a, b, c, d, i) = (0.0, 0.0, 0.0, 0.0, 0);
        for (; i <= scores.Length - 4; i += 4)
            (a, b, c, d) = (a + Square(scores[i] - mean), b + Square(scores[i + 1] - mean), c + Square(scores[i + 2] - mean), d + Square(scores[i + 3] - mean));
        for (; i < scores.Length; i++)
            a += Square(scores[i] - mean);
        return a + b + (c + d);
    }

    private static double Square(double x) => x * x;
}

/// <summary>
/// What a member adds to the score of a movie whose own score is z deviations above the mean: even z + top ln(1 + max(z, 0) / 0.3). A member whose scores are logarithms of
/// chances, as those of a softmax, is best taken as it is; one whose scores are chances, as those of a regression on what was seen, by its logarithm. Rises with z.
/// </summary>
/// <param name="Even">At least 0.</param>
/// <param name="Top">At least 0.</param>
internal readonly record struct MemberWeight(double Even, double Top)
{
    private const double Knee = 0.3; // in deviations; the best of 0.1, 0.2, 0.3 and 0.5 on MovieLens 1M
    private const double PerKnee = 1 / Knee;

    /// <summary>The member says nothing.</summary>
    public bool IsZero => Even == 0 && Top == 0;

    /// <summary>What the member adds.</summary>
    public double At(double z) => Top == 0 || z <= 0 ? Even * z : (Even * z) + (Top * Logarithm(z));

    /// <summary>How fast that rises with z.</summary>
    public double SlopeAt(double z) => Even + (z > 0 ? Top / (Knee + z) : 0);

    /// <summary>ln(1 + max(z, 0) / 0.3).</summary>
    public static double Logarithm(double z) => z <= 0 ? 0 : TableLog.Of(1 + (z * PerKnee));
}
