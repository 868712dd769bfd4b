namespace Recs.Host.Simulating.People;

/// <summary>What a person who looks at a film on a list may do with it. Every chance comes from the person's liking by S(x) = (1 + x / √(1 + x²)) / 2.</summary>
/// <param name="Open">Probability of opening it.</param>
/// <param name="Begin">Probability of watching it once opened.</param>
/// <param name="Bored">Probability of stopping after a watched minute.</param>
internal readonly record struct Chances(double Open, double Begin, double Bored)
{
    /// <summary>Who has watched so many minutes looks no further down the list.</summary>
    public const int SatisfiedMinutes = 20;

    /// <summary>Probability of being watched, given that it is looked at.</summary>
    public double Watch => Open * Begin;

    /// <summary>Probability that who begins it is satisfied by it: (1 - bored) to the power of 20.</summary>
    public double Satisfy
    {
        get
        {
            var stay = 1.0;
            for (var minute = 0; minute < SatisfiedMinutes; minute++) stay *= 1 - Bored;
            return stay;
        }
    }

    /// <summary>The chances of a film that is liked so much.</summary>
    public static Chances Of(double liking) => new(0.6 * S((liking - 2.2) / 0.6), 0.5 + 0.4 * S(liking - 1), 0.001 + 0.04 * (1 - S(liking - 1)));

    /// <summary>Minutes that a person watches: one more as long as they are not bored.</summary>
    /// <param name="point">0 to 1, uniform.</param>
    /// <param name="length">Length of the film in minutes.</param>
    /// <returns>1 to <paramref name="length"/>.</returns>
    public int MinutesAt(double point, int length)
    {
        var (minutes, stay) = (1, 1 - Bored);
        for (; minutes < length && point < stay; minutes++) stay *= 1 - Bored;
        return minutes;
    }

    // An S without exponentials: the basic operations and the square root have the same bits on every machine.
    private static double S(double x) => (1 + x / Math.Sqrt(1 + x * x)) / 2;
}
