using Recs.Training.Neural;

namespace Recs.Training.People;

/// <summary>Some cuts, and the memory that taking them in needs: one per part of the steps, used by one thread at a time.</summary>
/// <param name="recency">Means of a history.</param>
/// <param name="groups">Groups of people.</param>
internal sealed class CutPart(RecencyBags recency, KnownGroups groups)
{
    private int[] _start = [];
    private int[] _next = [];
    private float[] _weight = [];

    /// <summary>Whose histories were cut, and what was before the cuts.</summary>
    public PersonBatch People { get; } = new(recency, groups);

    /// <summary>What comes next.</summary>
    public Targets Next => new(_start, _next, _weight);

    /// <summary>Takes some cuts in.</summary>
    /// <param name="histories">Whose cuts they are.</param>
    /// <param name="cuts">Cuts.</param>
    /// <param name="weight">Weight of each in the loss.</param>
    /// <param name="hidden">How often what is known of a person counts as unknown.</param>
    /// <param name="firstBlock">Number of the first block of draws.</param>
    public void Fill(HistoryCuts histories, ReadOnlySpan<HistoryCut> cuts, float weight, DropoutRule hidden, ulong firstBlock)
    {
        if (_next.Length < cuts.Length)
        {
            (_start, _next, _weight) = (new int[cuts.Length + 1], new int[cuts.Length], new float[cuts.Length]);
            for (var i = 0; i < _start.Length; i++)
                _start[i] = i;
        }

        People.Begin(cuts.Length);
        for (var i = 0; i < cuts.Length; i++)
        {
            var (person, length) = cuts[i];
            var history = histories.HistoryOf(person);
            People.Add(history[..length], histories.KnownOf(person), hidden: ~hidden.Bits(firstBlock + (ulong)i));
            (_next[i], _weight[i]) = (history[length], weight);
        }
    }
}
