using System.Text;
using Recs.Contracts;

namespace Recs.Commands.Importing;

/// <summary>
/// People who asked to be forgotten: their streams are archived, and nothing more is taken about them. They are few, and known as of the time when an import began; somebody
/// who is erased while it runs stops it, and it begins again with them in mind.
/// </summary>
internal sealed class ErasedPeople
{
    /// <summary>What a reject says of it.</summary>
    public const string Detail = "The person asked to be forgotten.";

    /// <summary>Nobody.</summary>
    public static readonly ErasedPeople Nobody = new([]);

    private readonly HashSet<string> _ids;
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    /// <summary>People of these ids, without the prefix that an import gives them.</summary>
    public ErasedPeople(IEnumerable<string> ids)
    {
        _ids = new(ids, StringComparer.Ordinal);
        _lookup = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Whether a stream is one that is archived when a person is erased.</summary>
    public static bool IsTheirs(string streamId)
        => streamId.StartsWith(StreamIds.User(""), StringComparison.Ordinal) || streamId.StartsWith(StreamIds.Recommendations(""), StringComparison.Ordinal);

    /// <summary>Whether a person is among them.</summary>
    /// <param name="userId">Id as the input has it; what is no id is nobody's.</param>
    public bool Contains(ReadOnlySpan<byte> userId)
    {
        if (_ids.Count == 0 || userId.Length > EntityId.MaxLength) return false;
        Span<char> id = stackalloc char[EntityId.MaxLength];
        return _lookup.Contains(id[..Encoding.Latin1.GetChars(userId, id)]);
    }
}
