using Recs.Training.Numerics;

namespace Recs.Training.Bpr;

/// <summary>
/// One step of stochastic gradient ascent on ln s(x (y(seen) - y(unseen))), s the logistic function, minus the penalties (Rendle, Freudenthaler, Gantner and
/// Schmidt-Thieme, "BPR: Bayesian Personalized Ranking from Implicit Feedback", 2009).
/// </summary>
/// <typeparam name="TLanes">The kind of lanes.</typeparam>
internal static unsafe class PairStep<TLanes> where TLanes : struct, ILanes<TLanes>
{
    /// <summary>Moves the three rows.</summary>
    /// <param name="person">Person's factors.</param>
    /// <param name="seen">Factors of a movie that the person has seen.</param>
    /// <param name="unseen">Factors of one that they have not.</param>
    /// <param name="width">Numbers per row.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="keep">1 - rate x penalty.</param>
    /// <returns>How wrong the pair was ordered, 1 - s: from 0 for right to 1 for wrong.</returns>
    public static double Take(float* person, float* seen, float* unseen, int width, float rate, float keep)
    {
        var sum = TLanes.Zero;
        for (var j = 0; j < width; j += Lanes.Count)
            sum = TLanes.MultiplyAdd(TLanes.Load(person + j), TLanes.Subtract(TLanes.Load(seen + j), TLanes.Load(unseen + j)), sum);
        var wrong = 1 / (1 + DeterministicMath.Exp(TLanes.Sum(sum)));

        var step = rate * (float)wrong;
        TLanes up = TLanes.All(step), down = TLanes.All(-step), keeping = TLanes.All(keep);
        for (var j = 0; j < width; j += Lanes.Count)
        {
            TLanes x = TLanes.Load(person + j), i = TLanes.Load(seen + j), k = TLanes.Load(unseen + j);
            TLanes.Store(TLanes.MultiplyAdd(up, TLanes.Subtract(i, k), TLanes.Multiply(x, keeping)), person + j);
            TLanes.Store(TLanes.MultiplyAdd(up, x, TLanes.Multiply(i, keeping)), seen + j);
            TLanes.Store(TLanes.MultiplyAdd(down, x, TLanes.Multiply(k, keeping)), unseen + j);
        }

        return wrong;
    }
}
