using System.Collections.Concurrent;
using System.Text;

namespace Recs.Projections;

/// <summary>
/// One string per id, found by its UTF-8 bytes: a million events over four thousand movies make four thousand strings. Safe for many
/// threads. It grows with the catalogue and never shrinks; whoever makes one decides how long it lives.
/// </summary>
public sealed class IdPool
{
    private readonly ConcurrentDictionary<string, string> _ids;
    private readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;

    /// <summary>An empty pool.</summary>
    public IdPool()
    {
        _ids = new(Utf8Comparer.Instance);
        _byBytes = _ids.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Number of ids.</summary>
    public int Count => _ids.Count;

    /// <summary>The string with these UTF-8 bytes.</summary>
    public string this[ReadOnlySpan<byte> utf8]
    {
        get
        {
            if (_byBytes.TryGetValue(utf8, out var known)) return known;
            var id = Encoding.UTF8.GetString(utf8);
            return _ids.GetOrAdd(id, id);
        }
    }
}
