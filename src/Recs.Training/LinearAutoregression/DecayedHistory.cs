using Recs.Training.Numerics;

namespace Recs.Training.LinearAutoregression;

/// <summary>
/// What the model sees of a history: its last ceil(5 tau) movies, each with the weight exp(-age / tau), where the most recent one has age 0.
/// Older ones would weigh less than exp(-5), which is below 0.7 %.
/// </summary>
internal static class DecayedHistory
{
    /// <summary>The weights by age, in single precision as they are used in fit and score.</summary>
    /// <param name="tau">Decay in movies, above 0.</param>
    public static float[] Weights(double tau)
    {
        var weights = new float[(int)Math.Ceiling(5 * tau)];
        for (var age = 0; age < weights.Length; age++)
            weights[age] = (float)DeterministicMath.Exp(-age / tau);
        return weights;
    }
}
