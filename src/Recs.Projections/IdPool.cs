using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
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
        _ids = new(new Utf8Comparer());
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

    /// <summary>Compares strings ordinally, by text or by their UTF-8 bytes.</summary>
    private sealed class Utf8Comparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
    {
        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public bool Equals(ReadOnlySpan<byte> alternate, string other)
        {
            if (Ascii.Equals(alternate, other)) return true;
            return !Ascii.IsValid(alternate) && Encoding.UTF8.GetString(alternate) == other;
        }

        public int GetHashCode([DisallowNull] string obj)
        {
            var count = Encoding.UTF8.GetByteCount(obj);
            Span<byte> utf8 = count <= 512 ? stackalloc byte[count] : new byte[count];
            Encoding.UTF8.GetBytes(obj, utf8);
            return GetHashCode(utf8);
        }

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public string Create(ReadOnlySpan<byte> alternate) => Encoding.UTF8.GetString(alternate);
    }
}
