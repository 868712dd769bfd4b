using Recs.Training.Neural;
using Recs.Training.Snapshots;

namespace Recs.Training.People;

/// <summary>Some people as a <see cref="PersonTower"/> takes them in, in memory that is used again.</summary>
internal sealed class PersonBatch
{
    private readonly RecencyBags _recency;
    private readonly KnownGroups _groups;
    private readonly BagEntries[] _bags;
    private readonly BagEntries _known = new();

    /// <summary>An empty batch.</summary>
    public PersonBatch(RecencyBags recency, KnownGroups groups)
    {
        (_recency, _groups) = (recency, groups);
        _bags = new BagEntries[recency.Count];
        for (var bag = 0; bag < _bags.Length; bag++)
            _bags[bag] = new();
    }

    /// <summary>Number of means of a history.</summary>
    public int Bags => _bags.Length;

    /// <summary>Each person's mean of the movies, by its number.</summary>
    public BagRows Bag(int bag) => _bags[bag].Rows;

    /// <summary>Each person's rows of the table of groups.</summary>
    public BagRows Groups => _known.Rows;

    /// <summary>Forgets everybody.</summary>
    /// <param name="people">People to come.</param>
    public void Begin(int people)
    {
        foreach (var bag in _bags)
            bag.Begin(people);
        _known.Begin(people);
    }

    /// <summary>Adds a person.</summary>
    /// <param name="history">Rows of the table of movies, oldest first.</param>
    /// <param name="person">What else is known.</param>
    /// <param name="hidden">What of it counts as unknown (<see cref="KnownGroups.AddRow"/>).</param>
    /// <param name="leftOut">Place in the history that is passed over; -1 for none.</param>
    public void Add(ReadOnlySpan<int> history, Demographics person, int hidden = 0, int leftOut = -1)
    {
        for (var bag = 0; bag < _bags.Length; bag++)
            _recency.AddRow(bag, history, leftOut, _bags[bag]);
        _groups.AddRow(person, hidden, _known);
    }
}
