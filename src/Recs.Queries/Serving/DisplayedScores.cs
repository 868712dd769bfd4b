using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Recs.Queries.Models;
using Recs.Training.Numerics;

namespace Recs.Queries.Serving;

/// <summary>
/// Scores as callers without trust see them: rounded to four significant digits, the last of which is off by -1, 0 or 1, so that a model cannot be read off its answers
/// to the bit. The noise is drawn by request id and place, under a key that only the model's own weights give: it is the same on every node and at any later
/// time, and nobody who lacks the model can take it off. Averages over many requests still come near; rate limits bound how many there are. The log keeps exact scores.
/// </summary>
internal static class DisplayedScores
{
    private const int Digits = 4;
    private const ulong Purpose = 0x53_63_6F_72_65_73; // "Scores"
    private static readonly ConditionalWeakTable<LiveModel, StrongBox<ulong>> Keys = [];

    /// <summary>The draws for one answer.</summary>
    public static CounterRandom Noise(LiveModel model, Guid requestId)
    {
        Span<byte> id = stackalloc byte[16];
        requestId.TryWriteBytes(id);
        var key = Keys.GetValue(model.AsFitted, static m => new(KeyOf(m))).Value;
        return new(key ^ BinaryPrimitives.ReadUInt64LittleEndian(id) ^ ulong.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(id[8..]), 32), Purpose);
    }

    /// <summary>A score as it is shown.</summary>
    /// <param name="score">Exact score.</param>
    /// <param name="noise">Draws of the answer.</param>
    /// <param name="place">Place of the item in the slate.</param>
    public static float Shown(float score, in CounterRandom noise, int place)
    {
        if (score == 0 || !float.IsFinite(score))
            return score;
        var exponent = (int)Math.Floor(Math.Log10(Math.Abs(score))) - (Digits - 1);
        var unit = Math.Pow(10, Math.Abs(exponent)); // exact for every score of more than 1e-19
        var last = Math.Round(exponent < 0 ? score * unit : score / unit) + noise.Below(3, (ulong)place) - 1;
        return (float)(exponent < 0 ? last / unit : last * unit);
    }

    /// <summary>
    /// A score to three significant digits, for pages that show it outside its answer: coarser than the answer, so that nothing is gained by reading the same score twice.
    /// </summary>
    public static double Coarse(double score)
    {
        if (score == 0 || !double.IsFinite(score))
            return score;
        var exponent = (int)Math.Floor(Math.Log10(Math.Abs(score))) - (Digits - 2);
        var unit = Math.Pow(10, Math.Abs(exponent));
        return exponent < 0 ? Math.Round(score * unit) / unit : Math.Round(score / unit) * unit;
    }

    /// <summary>Hash (FNV-1a) of the bits of the scores that the model gives somebody who gave its first movie five stars: a model of ratings says nothing of its own to one who rated nothing.</summary>
    private static ulong KeyOf(LiveModel model)
    {
        var scores = new float[model.Numbers.Length];
        if (scores.Length > 0)
            model.Scorer.Score(new([0], [10]), scores);
        var hash = 0xCBF29CE484222325;
        foreach (var score in scores)
            hash = (hash ^ BitConverter.SingleToUInt32Bits(score)) * 0x100000001B3;
        return hash;
    }
}
