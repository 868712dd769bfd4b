using System.Buffers;
using Recs.Contracts;

namespace Recs.Commands.Importing.Movielog;

/// <summary>Fields that several forms of a movielog line have.</summary>
internal static class MovielogFields
{
    private static readonly SearchValues<byte> IdBytes =
        SearchValues.Create([.. Enumerable.Range(0, 128).Where(c => EntityId.IsValid([(char)c])).Select(c => (byte)c)]);

    /// <summary>Whether it may be a person: digits only, stricter than <see cref="EntityId"/>.</summary>
    public static bool IsUserId(ReadOnlySpan<byte> text)
        => text.Length is > 0 and <= EntityId.MaxLength && !text.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    /// <summary>Whether it may be a movie: an <see cref="EntityId"/> with at least one <c>+</c>.</summary>
    public static bool IsMovieId(ReadOnlySpan<byte> text)
        => text.Length is > 0 and <= EntityId.MaxLength && text.Contains((byte)'+') && !text.ContainsAnyExcept(IdBytes);

    /// <summary>Parts a movie id from what follows it.</summary>
    /// <param name="text">Movie id, mark, rest.</param>
    /// <param name="mark">Not a character of ids.</param>
    /// <param name="movie">All that is before the mark, or all if there is none.</param>
    /// <param name="rest">What follows the mark.</param>
    /// <returns>False if there is no mark.</returns>
    public static bool TrySplitMovie(ReadOnlySpan<byte> text, byte mark, out ReadOnlySpan<byte> movie, out ReadOnlySpan<byte> rest)
    {
        var end = text.IndexOf(mark);
        movie = end < 0 ? text : text[..end];
        rest = end < 0 ? [] : text[(end + 1)..];
        return end >= 0;
    }

    /// <summary>What a line that ends inside an id suffers from: it is cut off if more of the id could have come, else the id is bad.</summary>
    public static MovielogFault Incomplete(ReadOnlySpan<byte> id, MovielogFault bad)
        => id.Length > EntityId.MaxLength || id.ContainsAnyExcept(IdBytes) ? bad : MovielogFault.Truncated;

    /// <summary>Reads digits from the start.</summary>
    /// <param name="text">Text.</param>
    /// <param name="value">The number; <see cref="int.MaxValue"/> if it is greater.</param>
    /// <returns>How many digits there are.</returns>
    public static int ReadNumber(ReadOnlySpan<byte> text, out int value)
    {
        var (digits, sum) = (0, 0L);
        for (; digits < text.Length && text[digits] - '0' is >= 0 and <= 9 and var digit; digits++) sum = Math.Min(10 * sum + digit, int.MaxValue);
        value = (int)sum;
        return digits;
    }
}
