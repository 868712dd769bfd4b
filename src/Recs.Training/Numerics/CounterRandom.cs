namespace Recs.Training.Numerics;

/// <summary>
/// Random numbers by position: draw i of a purpose is a function of (seed, purpose, i), so that draws may be made in any order and on any thread.
/// Two rounds of the SplitMix64 finaliser (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
/// </summary>
/// <param name="seed">Seed of the run.</param>
/// <param name="purpose">What the numbers are for; another purpose gives unrelated numbers.</param>
public readonly struct CounterRandom(ulong seed, ulong purpose)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private readonly ulong _key = Mix(Mix(seed + Golden) ^ (purpose * Golden));

    /// <summary>64 random bits.</summary>
    public ulong Bits(ulong index) => Mix(Mix(_key + ((index + 1) * Golden)) ^ _key);

    /// <summary>A whole number from 0 to <paramref name="count"/> - 1.</summary>
    public int Below(int count, ulong index) => (int)Math.BigMul(Bits(index), (ulong)count, out _);

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
