using System.Buffers;

namespace Recs.Contracts;

/// <summary>Rules for user and movie ids: text, compared ordinally, 1 to 200 letters, digits and <c>+ - _ . % ' ~ : @</c>.</summary>
public static class EntityId
{
    /// <summary>Longest id.</summary>
    public const int MaxLength = 200;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-_.%'~:@");

    /// <summary>What a valid id looks like, for error messages.</summary>
    public const string Rule = "1 to 200 letters, digits and + - _ . % ' ~ : @";

    /// <summary>Whether <paramref name="id"/> may name a user or a movie.</summary>
    public static bool IsValid(ReadOnlySpan<char> id) => id.Length is > 0 and <= MaxLength && !id.ContainsAnyExcept(Allowed);
}
