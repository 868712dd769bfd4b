using System.Numerics;

namespace Recs.Projections.UserHistory;

/// <summary>
/// The rolling digest of a person's facts. Each fact folds, in this order: its version, its kind, the hash of its movie id, the bits of its
/// value (rating as a double, minute, hash of the request id, or hash of the personal fields) and its time in ticks. Each fold is
/// <c>mix(rotl(h, 23) * 0x9E3779B97F4A7C15 + x)</c> with the finaliser of SplitMix64 (Steele, Lea and Flood 2014) as mix, a bijection of 64 bits: two
/// histories that differ in one field of one fact differ from there on, and meet again only by a 1 in 2^64 accident. It finds accidents and
/// edits; it is not keyed, so it is no proof against somebody who computes digests as well (the sealer is).
/// </summary>
internal static class HistoryDigest
{
    /// <summary>Digest of the empty history.</summary>
    public const ulong Empty = 0;

    public static ulong Fold(ulong digest, ulong x)
    {
        var z = BitOperations.RotateLeft(digest, 23) * 0x9E3779B97F4A7C15 + x;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>64-bit FNV-1a of the bytes; an absent text is 0, which the empty text is not.</summary>
    public static ulong Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = 0xCBF29CE484222325;
        foreach (var b in utf8) hash = (hash ^ b) * 0x100000001B3;
        return hash;
    }
}
