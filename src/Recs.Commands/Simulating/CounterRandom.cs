namespace Recs.Commands.Simulating;

/// <summary>
/// Counter-based random numbers: a draw depends on its coordinates alone, not on the draws before it. The mixing function is that of SplitMix64
/// (Steele, Lea, Flood 2014). Only exact arithmetic follows, so that a seed gives the same world on every machine.
/// </summary>
internal readonly struct CounterRandom(ulong seed)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>Uniform in [0, 1).</summary>
    /// <param name="purpose">What the number is for.</param>
    /// <param name="a">First coordinate, such as a user.</param>
    /// <param name="b">Second coordinate, such as a step.</param>
    public double Uniform(Purpose purpose, long a, long b = 0) => (Bits(purpose, a, b) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in 0 to <paramref name="count"/> - 1.</summary>
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
internal enum Purpose
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
}
