using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Recs.Commands.Importing;
using Recs.Contracts;
using Recs.Contracts.Users;
using Recs.EventStore;

namespace Recs.Commands.Consuming;

/// <summary>Facts as events, their bodies written as UTF-8 at once. A valid id needs no escaping, so the body is that of <see cref="EventJson"/>, as JSON.</summary>
internal static class FactBody
{
    private const int MostBytes = 2 * EntityId.MaxLength + 128;
    private static readonly string RatedType = $"{typeof(MovieRated).FullName}, {typeof(MovieRated).Assembly.GetName().Name}";
    private static readonly string WatchedType = $"{typeof(MovieWatched).FullName}, {typeof(MovieWatched).Assembly.GetName().Name}";

    /// <summary>A rating.</summary>
    /// <param name="userId">Valid id.</param>
    /// <param name="movieId">Valid id.</param>
    /// <param name="halfStars">1 to 10.</param>
    /// <param name="at">When, in UTC.</param>
    /// <param name="origin">Message that says so.</param>
    public static StatedFact Rated(string userId, string movieId, int halfStars, DateTimeOffset at, MessageOrigin origin)
    {
        Span<byte> body = stackalloc byte[MostBytes];
        var end = Ids(body, userId, movieId);
        Put(body, ref end, ",\"Rating\":"u8);
        if (halfStars > 1) body[end++] = (byte)('0' + halfStars / 2);
        else body[end++] = (byte)'0';
        if (halfStars % 2 == 1) Put(body, ref end, ".5"u8);
        return new(
            StreamIds.User(userId), movieId,
            new(FactId.Rated(userId, movieId, halfStars, at), EventAliases.MovieRated, WithTime(body, end, at), origin.CorrelationId, origin.CausationId, DotNetType: RatedType));
    }

    /// <summary>A watched minute.</summary>
    /// <param name="userId">Valid id.</param>
    /// <param name="movieId">Valid id.</param>
    /// <param name="minute">From 0.</param>
    /// <param name="at">When, in UTC.</param>
    /// <param name="origin">Message that says so.</param>
    public static StatedFact Watched(string userId, string movieId, int minute, DateTimeOffset at, MessageOrigin origin)
    {
        Span<byte> body = stackalloc byte[MostBytes];
        var end = Ids(body, userId, movieId);
        Put(body, ref end, ",\"Minute\":"u8);
        Utf8Formatter.TryFormat(minute, body[end..], out var digits);
        end += digits;
        return new(
            StreamIds.User(userId), movieId,
            new(FactId.Watched(userId, movieId, minute, at), EventAliases.MovieWatched, WithTime(body, end, at), origin.CorrelationId, origin.CausationId, DotNetType: WatchedType));
    }

    private static int Ids(Span<byte> body, string userId, string movieId)
    {
        var end = 0;
        Put(body, ref end, "{\"UserId\":\""u8);
        end += Encoding.ASCII.GetBytes(userId, body[end..]);
        Put(body, ref end, "\",\"MovieId\":\""u8);
        end += Encoding.ASCII.GetBytes(movieId, body[end..]);
        body[end++] = (byte)'"';
        return end;
    }

    private static byte[] WithTime(Span<byte> body, int end, DateTimeOffset at)
    {
        Put(body, ref end, ",\"At\":\""u8);
        at.UtcDateTime.TryFormat(body[end..], out var written, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'+00:00'", CultureInfo.InvariantCulture);
        end += written;
        Put(body, ref end, "\"}"u8);
        return body[..end].ToArray();
    }

    private static void Put(Span<byte> body, ref int end, ReadOnlySpan<byte> part)
    {
        part.CopyTo(body[end..]);
        end += part.Length;
    }
}
