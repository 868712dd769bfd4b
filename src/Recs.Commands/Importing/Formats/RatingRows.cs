using System.Text;
using Recs.Contracts;

namespace Recs.Commands.Importing.Formats;

/// <summary>Rows of ratings.</summary>
/// <param name="users">Grows with each new user.</param>
/// <param name="movies">Grows with each new movie, unless <paramref name="catalogued"/>.</param>
/// <param name="catalogued">Whether a movie must be in <paramref name="movies"/> already.</param>
/// <param name="erased">People whose ratings are not taken.</param>
/// <param name="isKnown">Whether a movie that is not there counts as if it were; null if none does.</param>
internal sealed class RatingRows(IdTable users, IdTable movies, bool catalogued, ErasedPeople erased, Func<string, bool>? isKnown)
{
    public RatingColumns Columns { get; } = new();

    public void Add(
        ReadingFile file, ReadOnlySpan<byte> line,
        ReadOnlySpan<byte> user, ReadOnlySpan<byte> movie, ReadOnlySpan<byte> rating, ReadOnlySpan<byte> timestamp)
    {
        // Ids are interned last: a rejected row must not leave a person or a movie behind that nobody else named.
        if (!RatingFields.TryRating(rating, out var halfStars))
            file.Reject(line, RejectReasons.BadRating, $"Rating {file.Quote(rating)}: expected 0.5 to 5 in halves.");
        else if (!RatingFields.TryTimestamp(timestamp, out var seconds))
            file.Reject(line, RejectReasons.BadTimestamp, $"Timestamp {file.Quote(timestamp)}: expected whole seconds since 1970, before 2100.");
        else if (erased.Contains(user))
            file.Reject(line, RejectReasons.Erased, ErasedPeople.Detail);
        else if (FindMovie(file, line, movie, user) is var movieIndex and >= 0)
        {
            if (users.TryIntern(user, out var userIndex)) Columns.Add(userIndex, movieIndex, halfStars, seconds);
            else file.Reject(line, RejectReasons.BadUserId, $"User id {file.Quote(user)}: expected {EntityId.Rule}.");
        }
    }

    private int FindMovie(ReadingFile file, ReadOnlySpan<byte> line, ReadOnlySpan<byte> movie, ReadOnlySpan<byte> user)
    {
        var index = movies.Find(movie);
        if (index >= 0) return index;
        if (catalogued && isKnown?.Invoke(Encoding.UTF8.GetString(movie)) is not true)
            file.Reject(line, RejectReasons.UnknownMovie, $"Movie {file.Quote(movie)} is not in the movies file of this folder.");
        else if (users.Find(user) < 0 && !IsValid(user))
            file.Reject(line, RejectReasons.BadUserId, $"User id {file.Quote(user)}: expected {EntityId.Rule}.");
        else if (!movies.TryIntern(movie, out index))
            file.Reject(line, RejectReasons.BadMovieId, $"Movie id {file.Quote(movie)}: expected {EntityId.Rule}.");
        else return index;
        return -1;
    }

    private static bool IsValid(ReadOnlySpan<byte> id)
    {
        Span<char> chars = stackalloc char[EntityId.MaxLength];
        return Ascii.ToUtf16(id, chars, out var length) == System.Buffers.OperationStatus.Done && EntityId.IsValid(chars[..length]);
    }
}
