using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.Vae;

/// <summary>A person at a moment.</summary>
/// <param name="User">Dense user id.</param>
/// <param name="Length">Movies of the history that are read.</param>
internal readonly record struct HistoryCut(int User, int Length);

/// <summary>
/// Where histories are cut into what is read and what comes next. The places of a history, the most recent ones, are dealt into blocks; an epoch cuts once in each block, at a place that
/// moves on by one from epoch to epoch, so that after as many epochs as a block has places every one of them was cut at once.
/// </summary>
/// <param name="histories">Histories.</param>
/// <param name="people">Whose, in an order that says nothing about who they are.</param>
/// <param name="learned">How many movies of a person's history are learned from.</param>
/// <param name="random">Keyed by seed.</param>
internal sealed class HistoryCuts(Histories histories, int[] people, Func<int, int> learned, CounterRandom random)
{
    /// <summary>Places of a history where it is cut at most: what was next long ago says little about what is next now.</summary>
    private const int Places = 400;

    /// <summary>Whole histories, a row each, for a network that is to say again what it read.</summary>
    public HistoryCut[] Whole() => [.. people.Select(user => new HistoryCut(user, learned(user)))];

    /// <summary>The cuts of an epoch; as many in every epoch.</summary>
    /// <param name="epoch">From 0.</param>
    /// <param name="block">Places in a block.</param>
    public List<HistoryCut> Of(int epoch, int block)
    {
        var cuts = new List<HistoryCut>(histories.Count / block);
        var drawn = 0UL;
        foreach (var user in people)
        {
            var first = Math.Max(1, learned(user) - Places);
            for (var end = learned(user); end > first; end -= block)
            {
                var places = Math.Min(block, end - first);
                cuts.Add(new(user, end - 1 - (int)((random.Bits(drawn++) + (ulong)epoch) % (ulong)places)));
            }
        }

        return cuts;
    }
}
