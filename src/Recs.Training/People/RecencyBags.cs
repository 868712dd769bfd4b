using Recs.Training.Neural;
using Recs.Training.Numerics;

namespace Recs.Training.People;

/// <summary>
/// A history as a few weighted means of its movies, each of which forgets four times as slowly as the one before: a movie of age a (0 for the newest) weighs exp(-a / tau), divided by the
/// sum of the weights. Together they tell not only what somebody has seen but roughly when.
/// </summary>
internal sealed class RecencyBags
{
    private const double Slower = 4;
    private const double Decays = 6; // what is older weighs less than 0.0025 of the newest, and does not count

    private readonly float[][] _weights;
    private readonly float[][] _inverseSums; // by the number of movies that count

    /// <summary>Lists the weights.</summary>
    /// <param name="tau">Decay of the quickest, in movies.</param>
    /// <param name="count">Number of means.</param>
    public RecencyBags(double tau, int count)
    {
        (_weights, _inverseSums) = (new float[count][], new float[count][]);
        for (var bag = 0; bag < count; bag++, tau *= Slower)
        {
            var ages = (int)Math.Ceiling(Decays * tau);
            (_weights[bag], _inverseSums[bag]) = (new float[ages], new float[ages + 1]);
            var sum = 0.0;
            for (var age = 0; age < ages; age++)
            {
                _weights[bag][age] = (float)DeterministicMath.Exp(-age / tau);
                sum += _weights[bag][age];
                _inverseSums[bag][age + 1] = (float)(1 / sum);
            }
        }
    }

    /// <summary>Number of means.</summary>
    public int Count => _weights.Length;

    /// <summary>How many of the newest movies count at most.</summary>
    public int Window => _weights[^1].Length;

    /// <summary>Adds a history as a row.</summary>
    /// <param name="bag">Which mean.</param>
    /// <param name="history">Movies, oldest first, at least one besides that left out.</param>
    /// <param name="leftOut">Place of a movie that is passed over as if it had never been seen; -1 for none.</param>
    /// <param name="to">Receives it.</param>
    public void AddRow(int bag, ReadOnlySpan<int> history, int leftOut, BagEntries to)
    {
        var weights = _weights[bag];
        var count = Math.Min(weights.Length, history.Length - (leftOut < 0 ? 0 : 1));
        var scale = _inverseSums[bag][count];
        var place = history.Length;
        for (var age = 0; age < count; age++)
        {
            if (--place == leftOut)
                place--;
            to.Add(history[place], weights[age] * scale);
        }

        to.EndRow();
    }
}
