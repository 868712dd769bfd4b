namespace Recs.Commands.Simulating;

/// <summary>
/// Counter-based random numbers: a draw depends on its coordinates alone, not on the draws before it. The mixing function is that of SplitMix64
/// (Steele, Lea, Flood 2014). Only exact arithmetic follows, so that a seed gives the same world on every machine.
/// </summary>
/// <param name="seed">Seed.</param>
public readonly struct CounterRandom(ulong seed)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private const int Quarter = 1 << 16;

    /// <summary>Standard deviation of the sum of four numbers that are uniform in 0 to 65,535: √(4 (65,536² - 1) / 12).</summary>
    private static readonly double QuartersDeviation = Math.Sqrt(((double)Quarter * Quarter - 1) / 3);

    /// <summary>Uniform in [0, 1).</summary>
    /// <param name="purpose">What the number is for.</param>
    /// <param name="a">First coordinate, such as a user.</param>
    /// <param name="b">Second coordinate, such as a step.</param>
    public double Uniform(Purpose purpose, long a, long b = 0) => (Bits(purpose, a, b) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Bell-shaped with mean 0 and variance 1, never beyond 3.47: the sum of four uniform numbers. Only exact operations and a square root make it.</summary>
    /// <param name="purpose">What the number is for.</param>
    /// <param name="a">First coordinate.</param>
    /// <param name="b">Second coordinate.</param>
    public double Bell(Purpose purpose, long a, long b = 0)
    {
        var bits = Bits(purpose, a, b);
        var sum = (int)(bits & 0xFFFF) + (int)(bits >> 16 & 0xFFFF) + (int)(bits >> 32 & 0xFFFF) + (int)(bits >> 48);
        return (sum - 2 * (Quarter - 1)) / QuartersDeviation;
    }

    /// <summary>The coordinate of something that has a name (FNV-1a over its UTF-16 code units, 64 bits).</summary>
    public static long KeyOf(ReadOnlySpan<char> name)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var unit in name) hash = (hash ^ unit) * 0x100000001B3;
        return (long)hash;
    }

    /// <summary>Uniform in 0 to <paramref name="count"/> - 1.</summary>
    /// <param name="count">1 or more.</param>
    /// <param name="purpose">What the number is for.</param>
    /// <param name="a">First coordinate.</param>
    /// <param name="b">Second coordinate.</param>
    public int Below(int count, Purpose purpose, long a, long b = 0) => (int)(Uniform(purpose, a, b) * count);

    private ulong Bits(Purpose purpose, long a, long b) => Mix(Mix(Mix(seed + Golden * (ulong)purpose) + Golden * (ulong)a) + Golden * (ulong)b);

    private static ulong Mix(ulong z)
    {
        z += Golden;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }
}

/// <summary>What random numbers of the simulation are for; each purpose is a stream of its own.</summary>
public enum Purpose
{
    /// <summary>A movie's title.</summary>
    Title = 1,
    /// <summary>A movie's genres.</summary>
    Genre,
    /// <summary>A movie's year.</summary>
    Year,
    /// <summary>How well known a movie is.</summary>
    Fame,
    /// <summary>How good a movie is.</summary>
    Quality,
    /// <summary>A movie's place in the order in which people watch its genre.</summary>
    Trail,
    /// <summary>What is known of a person.</summary>
    Person,
    /// <summary>A person's favourite genres.</summary>
    Taste,
    /// <summary>How many movies a person rates.</summary>
    Length,
    /// <summary>Whether a person goes on along the trail.</summary>
    Habit,
    /// <summary>Which genre a person turns to.</summary>
    Turn,
    /// <summary>Which movie of a genre a person takes.</summary>
    Choice,
    /// <summary>What a person thinks of a movie.</summary>
    Opinion,
    /// <summary>When things happen.</summary>
    Time,
    /// <summary>A film's hidden factors.</summary>
    Factor,
    /// <summary>How long a film is.</summary>
    Runtime,
    /// <summary>What everybody likes at a time.</summary>
    Fashion,
    /// <summary>How much a person likes a genre.</summary>
    Affinity,
    /// <summary>How much a person likes a hidden factor.</summary>
    Leaning,
    /// <summary>What is between one person and one film alone.</summary>
    Chemistry,
    /// <summary>A person's character: patience, talkativeness, hours.</summary>
    Character,
    /// <summary>Who comes next.</summary>
    Caller,
    /// <summary>Whether a film on a list is opened.</summary>
    Open,
    /// <summary>Whether an opened film is begun.</summary>
    Begin,
    /// <summary>When a person stops watching.</summary>
    Stop,
    /// <summary>Whether a person goes on down a list.</summary>
    Continue,
    /// <summary>Whether a watched film is rated.</summary>
    Rate,
    /// <summary>How a rating strays from what the person thinks.</summary>
    Noise,
    /// <summary>Whether and how a person looks for films by themselves.</summary>
    Search,
    /// <summary>What a change of the simulated world is about.</summary>
    Shift,
}
