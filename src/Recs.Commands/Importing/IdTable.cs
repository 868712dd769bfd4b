using System.Buffers;
using System.Text;
using Recs.Contracts;

namespace Recs.Commands.Importing;

/// <summary>Interns text ids: each distinct id gets the next dense index, from 0, in the order of arrival.</summary>
public sealed class IdTable
{
    private readonly Dictionary<string, int> indexes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup;
    private readonly List<string> ids = [];

    /// <summary>An empty table.</summary>
    public IdTable() => lookup = indexes.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Ids by index.</summary>
    public IReadOnlyList<string> Ids => ids;

    /// <summary>The index of an id, or -1.</summary>
    /// <param name="id">ASCII; anything else is not found.</param>
    public int Find(ReadOnlySpan<byte> id)
    {
        Span<char> chars = stackalloc char[EntityId.MaxLength];
        return Ascii.ToUtf16(id, chars, out var length) == OperationStatus.Done && lookup.TryGetValue(chars[..length], out var index)
            ? index : -1;
    }

    /// <summary>The index of an id, which is added if it is new and valid.</summary>
    /// <returns>False if the id breaks <see cref="EntityId.Rule"/>.</returns>
    public bool TryIntern(ReadOnlySpan<byte> id, out int index)
    {
        Span<char> chars = stackalloc char[EntityId.MaxLength];
        if (Ascii.ToUtf16(id, chars, out var length) != OperationStatus.Done)
        {
            index = -1;
            return false;
        }
        if (lookup.TryGetValue(chars[..length], out index)) return true;
        if (!EntityId.IsValid(chars[..length])) return false;
        index = Add(new string(chars[..length]));
        return true;
    }

    /// <summary>The index of a valid id, which is added if it is new.</summary>
    public int Intern(string id) => indexes.TryGetValue(id, out var index) ? index : Add(id);

    private int Add(string id)
    {
        indexes.Add(id, ids.Count);
        ids.Add(id);
        return ids.Count - 1;
    }
}
