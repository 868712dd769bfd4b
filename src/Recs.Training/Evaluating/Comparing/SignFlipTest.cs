using Recs.Training.Numerics;

namespace Recs.Training.Evaluating.Comparing;

/// <summary>
/// Paired randomization test (Fisher, "The Design of Experiments", 1935; Smucker, Allan and Carterette, "A Comparison of Statistical Significance Tests for Information
/// Retrieval Evaluation", 2007): if two models were alike, each user's difference could as well have the other sign. The p-value is the share of 10,000 random choices of
/// signs under which the sum of the differences is at least as far from 0 as it is, the real one counted among them.
/// </summary>
public static class SignFlipTest
{
    /// <summary>How often signs are drawn.</summary>
    public const int Flips = 10_000;
    private const int AtATime = 8; // differences whose 256 sums are tabulated: one look-up adds up eight of them
    private const int MostUnits = 4096;
    private const ulong Purpose = 0x7369676e73; // "signs"

    /// <summary>Two-sided p-value, from 1 / 10,001 to 1.</summary>
    /// <param name="differences">One per user.</param>
    /// <param name="seed">Key of the draws.</param>
    public static double PValue(ReadOnlySpan<double> differences, ulong seed)
    {
        var units = Units(differences);
        if (units.Length == 0)
            return 1;
        var sums = Sums(units);
        var groups = sums.Length >> AtATime;
        var words = (groups + 7) / 8;
        var random = new CounterRandom(seed, Purpose);
        var observed = Math.Abs(units.Sum()) * (1 - 1e-12); // the same differences added up in another order must count as the same
        var asFar = 1;
        for (var flip = 0; flip < Flips; flip++)
        {
            var sum = 0.0;
            for (var word = 0; word < words; word++)
            {
                var bits = random.Bits(((ulong)flip * (ulong)words) + (ulong)word);
                for (var group = word * 8; group < Math.Min(groups, (word + 1) * 8); group++, bits >>= AtATime)
                    sum += sums[(group << AtATime) + (int)(bits & 255)];
            }

            asFar += Math.Abs(sum) >= observed ? 1 : 0;
        }

        return asFar / (Flips + 1.0);
    }

    /// <summary>
    /// The differences that are not 0, since the others change no sum. Of more than 4,096 each 4,096th goes into one unit that keeps or changes its sign as a whole: fewer
    /// of the equally likely choices are then looked at, and the test stays exact.
    /// </summary>
    private static double[] Units(ReadOnlySpan<double> differences)
    {
        var units = new List<double>();
        var count = 0;
        foreach (var difference in differences)
        {
            if (difference == 0)
                continue;
            if (units.Count < MostUnits)
                units.Add(difference);
            else
                units[count % MostUnits] += difference;
            count++;
        }

        return [.. units];
    }

    /// <summary>Per eight units the sums of all 256 choices of signs: bit i set changes the sign of unit i.</summary>
    private static double[] Sums(double[] units)
    {
        var groups = (units.Length + AtATime - 1) / AtATime;
        var sums = new double[groups << AtATime];
        for (var group = 0; group < groups; group++)
            for (var bits = 0; bits < 1 << AtATime; bits++)
                for (var i = group * AtATime; i < Math.Min((group + 1) * AtATime, units.Length); i++)
                    sums[(group << AtATime) + bits] += (bits >> (i % AtATime) & 1) == 0 ? units[i] : -units[i];
        return sums;
    }
}
