namespace Recs.Host.Simulating.People;

/// <summary>
/// What a person would rate a film: 3 + liking / 2 + mildness, plus noise of a triangular distribution over -1 to 1 star, taken to the next half star from 0.5 to 5.
/// </summary>
internal static class Stars
{
    private const double Least = 0.5, Most = 5, Step = 0.5;

    /// <summary>The rating before noise and rounding; any number.</summary>
    public static double Opinion(double liking, double mildness) => 3 + liking / 2 + mildness;

    /// <summary>A rating.</summary>
    /// <param name="opinion">The rating before noise and rounding.</param>
    /// <param name="first">0 to 1, uniform.</param>
    /// <param name="second">0 to 1, uniform.</param>
    /// <returns>0.5 to 5 in halves.</returns>
    public static double Given(double opinion, double first, double second)
        => Math.Clamp(Math.Floor((opinion + first + second - 1) / Step + 0.5) * Step, Least, Most);

    /// <summary>The mean of all ratings that could be given: the least one and half a star for each step that is reached, times the probability of reaching it.</summary>
    public static double Expected(double opinion)
    {
        var expected = Least;
        for (var star = Least + Step; star <= Most; star += Step) expected += Step * Above(star - Step / 2 - opinion);
        return expected;
    }

    /// <summary>Probability that the noise is at least <paramref name="x"/>.</summary>
    private static double Above(double x) => x <= -1 ? 1 : x >= 1 ? 0 : x <= 0 ? 1 - (1 + x) * (1 + x) / 2 : (1 - x) * (1 - x) / 2;
}
