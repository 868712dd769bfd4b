namespace Recs.Training.Tuning;

/// <summary>
/// Which trials are judged on how much of the data: successive halving (Jamieson and Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter Optimization",
/// 2016), with thirds: all on a ninth of the people, the best third on a third, the best third of those on everybody. Few trials have fewer rungs. The built-in defaults (trial
/// 0) are always judged on everybody, so that what is chosen is never worse than they are on the validation data. Pure.
/// </summary>
/// <param name="trials">Trials in all, from 1.</param>
public sealed class SuccessiveHalving(int trials)
{
    private const int Third = 3;
    private const int MostRungs = 3; // a 27th of the people of a usual data set says little about the whole

    /// <summary>Rungs.</summary>
    public int Rungs { get; } = trials >= Third * Third ? MostRungs : trials >= Third ? 2 : 1;

    /// <summary>The share of the people that a rung's trials are fitted on and judged by.</summary>
    /// <param name="rung">From 0.</param>
    public double Share(int rung) => 1 / Math.Pow(Third, Rungs - 1 - rung);

    /// <summary>How many judgements there will be at most, over all rungs.</summary>
    public int Planned => Enumerable.Range(0, Rungs).Sum(Places) + (Rungs > 1 ? 1 : 0);

    /// <summary>Who is judged on the first rung: everybody.</summary>
    public IReadOnlyList<int> First => [.. Enumerable.Range(0, trials)];

    /// <summary>Who goes on to a rung: the best of the one before, equals by their number, and on the last one the defaults.</summary>
    /// <param name="rung">From 1.</param>
    /// <param name="before">Number and loss of each trial of the rung before; less is better.</param>
    public IReadOnlyList<int> Entrants(int rung, IEnumerable<(int Trial, double Loss)> before)
    {
        var best = before.OrderBy(t => t.Loss).ThenBy(t => t.Trial).Select(t => t.Trial).Take(Places(rung));
        return rung == Rungs - 1 ? [.. best.Append(0).Distinct().Order()] : [.. best.Order()];
    }

    private int Places(int rung) => Math.Max(1, trials / (int)Math.Pow(Third, rung));
}
