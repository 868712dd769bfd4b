using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Recs.Training.Fitting;
using Recs.Training.Numerics;

namespace Recs.Training.Tuning;

/// <summary>
/// Draws hyper-parameters: random search (Bergstra and Bengio, "Random Search for Hyper-Parameter Optimization", 2012), uniform, or uniform in the logarithm where a range
/// spans more than two decades. A draw depends on seed, option and trial alone, so more trials begin with the same ones, and a new option changes no other's draws.
/// </summary>
public static class SearchSpace
{
    private const ulong Purpose = 0x74756e65; // "tune"
    private const double LogAbove = 100;
    private const string Digits = "G3"; // three digits are what anybody would write, and they hide what platforms' logarithms may differ by

    /// <summary>The options that a tuning changes.</summary>
    public static IEnumerable<OptionDescription> Of(IRecommender recommender, TuningMetric metric)
        => recommender.Options.Where(o => o.Searched.Low < o.Searched.High && !(o.RanksOnly && metric == TuningMetric.Rmse));

    /// <summary>One trial's options, as text by name.</summary>
    /// <param name="recommender">Kind of model.</param>
    /// <param name="metric">What trials are judged by.</param>
    /// <param name="trial">Its number, from 0: trial 0 is the built-in defaults.</param>
    /// <param name="seed">Key of the draws.</param>
    public static OptionValues Draw(IRecommender recommender, TuningMetric metric, int trial, ulong seed)
        => OptionValues.Parse(recommender.Options, trial == 0 ? null : Of(recommender, metric).ToDictionary(
            option => option.Name, option => Draw(option, Uniform(seed, option.Name, trial)).ToString("R", CultureInfo.InvariantCulture)));

    /// <summary>The value at a point of an option's range.</summary>
    /// <param name="option">Option.</param>
    /// <param name="at">0 for the low end, 1 for the high one.</param>
    internal static double Draw(OptionDescription option, double at)
    {
        var (low, high) = (option.Searched.Low, option.Searched.High);
        var value = low > 0 && high / low > LogAbove
            ? low * DeterministicMath.Exp(at * Math.Log(high / low))
            : low + (at * (high - low));
        value = option.Whole ? Math.Round(value) : double.Parse(value.ToString(Digits, CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return Math.Clamp(value, low, high);
    }

    private static double Uniform(ulong seed, string option, int trial)
    {
        var name = BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(option)));
        return (new CounterRandom(seed, Purpose ^ name).Bits((ulong)trial) >> 11) * (1.0 / (1UL << 53));
    }
}
