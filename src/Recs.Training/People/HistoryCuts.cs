using Recs.Training.Neural;
using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.People;

/// <summary>A history up to some movie, which is what comes next.</summary>
/// <param name="Person">Place of the person among those who can be cut.</param>
/// <param name="Length">Movies before the cut, at least one.</param>
internal readonly record struct HistoryCut(int Person, int Length);

/// <summary>
/// What models of the next movie learn from: histories cut at random places, as often for who has seen little as for who has seen much, since every person is served alike. An
/// epoch's cuts and their order are a function of seed and epoch alone, and nobody's id has a part in them.
/// </summary>
internal sealed class HistoryCuts
{
    private const ulong CutPurpose = 0x63_75_74; // "cut"
    private const ulong OrderPurpose = 0x6F_72_64_65_72; // "order"

    private readonly int[] _first;
    private readonly int[] _movies;
    private readonly Demographics[] _known;
    private readonly int _perPerson;
    private readonly CounterRandom _cut;
    private readonly CounterRandom _order;

    /// <summary>Takes the histories of at least two movies, each without what is kept back to judge by.</summary>
    /// <param name="histories">Everybody's.</param>
    /// <param name="known">What else is known of each.</param>
    /// <param name="row">Row of each movie that occurs.</param>
    /// <param name="perPerson">Cuts per person and epoch.</param>
    /// <param name="seed">Seed of the fit.</param>
    public HistoryCuts(Histories histories, IReadOnlyList<Demographics> known, int[] row, int perPerson, ulong seed)
    {
        var people = AnonymousOrder.Of(histories, known).Where(person => histories.Of(person).Length > 1).ToArray();
        Kept = new(histories, people, known);
        _known = [.. people.Select(person => known[person])];
        _first = new int[people.Length + 1];
        for (var i = 0; i < people.Length; i++)
            _first[i + 1] = _first[i] + Kept.Learned(people[i]);
        _movies = new int[_first[^1]];
        for (var i = 0; i < people.Length; i++)
            for (var place = 0; place < HistoryOf(i).Length; place++)
                _movies[_first[i] + place] = row[histories.Of(people[i])[place]];
        (_perPerson, _cut, _order) = (perPerson, new(seed, CutPurpose), new(seed, OrderPurpose));
    }

    /// <summary>The movies that are kept back to judge by.</summary>
    public KeptBack Kept { get; }

    /// <summary>People who can be cut.</summary>
    public int People => _known.Length;

    /// <summary>Cuts per epoch.</summary>
    public int PerEpoch => People * _perPerson;

    /// <summary>A person's history as far as it is learned from: rows of movies, oldest first.</summary>
    public ReadOnlySpan<int> HistoryOf(int person) => _movies.AsSpan(_first[person], _first[person + 1] - _first[person]);

    /// <summary>What else is known of a person.</summary>
    public Demographics KnownOf(int person) => _known[person];

    /// <summary>The cuts of an epoch in their order.</summary>
    public HistoryCut[] Of(int epoch)
    {
        var cuts = new HistoryCut[PerEpoch];
        var keys = new ulong[cuts.Length];
        for (var i = 0; i < cuts.Length; i++)
        {
            var (person, draw) = (i / _perPerson, ((ulong)epoch * (ulong)cuts.Length) + (ulong)i);
            cuts[i] = new(person, 1 + _cut.Below(HistoryOf(person).Length - 1, draw));
            keys[i] = _order.Bits(draw);
        }

        Array.Sort(keys, cuts);
        return cuts;
    }
}
