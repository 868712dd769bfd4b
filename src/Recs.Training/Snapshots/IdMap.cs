using System.Collections.Frozen;

namespace Recs.Training.Snapshots;

/// <summary>
/// Text ids of users or movies and the dense integers that stand for them in memory: an id's integer is its place in ordinal order, so equal
/// sets of ids always give equal integers, and comparing the integers compares the ids.
/// </summary>
public sealed class IdMap
{
    private readonly string[] _ids;
    private readonly FrozenDictionary<string, int> _dense;

    private IdMap(string[] ids)
    {
        _ids = ids;
        _dense = ids.Select((id, i) => KeyValuePair.Create(id, i)).ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Maps distinct ids, given in any order.</summary>
    /// <exception cref="ArgumentException">An id occurs twice.</exception>
    public static IdMap Of(IEnumerable<string> ids)
    {
        var sorted = ids.ToArray();
        Array.Sort(sorted, StringComparer.Ordinal);
        for (var i = 1; i < sorted.Length; i++)
            if (string.Equals(sorted[i - 1], sorted[i], StringComparison.Ordinal))
                throw new ArgumentException($"Id '{sorted[i]}' occurs twice.", nameof(ids));
        return new(sorted);
    }

    /// <summary>Number of ids.</summary>
    public int Count => _ids.Length;

    /// <summary>The ids in ordinal order: the id of dense integer i is at place i.</summary>
    public IReadOnlyList<string> Ids => _ids;

    /// <summary>The id of a dense integer.</summary>
    public string this[int dense] => _ids[dense];

    /// <summary>The dense integer of an id, or -1 if the map does not hold it.</summary>
    public int Find(string id) => _dense.TryGetValue(id, out var dense) ? dense : -1;
}
