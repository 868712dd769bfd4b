using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Recs.Commands.Importing;
using Recs.Commands.Importing.Movielog;
using Recs.Contracts;
using Recs.Contracts.Recommendations;
using Recs.Contracts.Users;

namespace Recs.Commands.Consuming;

/// <summary>Facts as events, their bodies written as UTF-8 at once. A valid id needs no escaping, so the body is that of <see cref="EventJson"/>, as JSON.</summary>
internal static class FactEvents
{
    private const int MostBytes = 2 * EntityId.MaxLength + 128;
    private static readonly string RatedType = $"{typeof(MovieRated).FullName}, {typeof(MovieRated).Assembly.GetName().Name}";
    private static readonly string ObservedType = $"{typeof(RecommendationObserved).FullName}, {typeof(RecommendationObserved).Assembly.GetName().Name}";
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
        body[end++] = (byte)('0' + halfStars / 2);
        if (halfStars % 2 == 1) Put(body, ref end, ".5"u8);
        return new(
            StreamIds.User(userId), [movieId],
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
            StreamIds.User(userId), [movieId],
            new(FactId.Watched(userId, movieId, minute, at), EventAliases.MovieWatched, WithTime(body, end, at), origin.CorrelationId, origin.CausationId, DotNetType: WatchedType));
    }

    /// <summary>A slate that somebody else's service answered with, as a line of a movielog tells.</summary>
    /// <param name="line">A recommendation line.</param>
    /// <param name="origin">Message that says so.</param>
    public static StatedFact Observed(in MovielogLine line, MessageOrigin origin)
    {
        var id = FactId.Observed(line.UserId, line.Server, line.Value, line.Items.Text, line.LatencyMs, line.Ticks);
        var user = Encoding.ASCII.GetString(line.UserId);
        var items = new List<string>();
        foreach (var item in line.Items)
            items.Add(Encoding.ASCII.GetString(item));
        var slate = new RecommendationObserved(id.ToString("N"), user, Encoding.ASCII.GetString(line.Server), line.Value, items, line.LatencyMs, line.At);
        return new(
            StreamIds.Recommendations(user), items,
            new(id, EventAliases.RecommendationObserved, JsonSerializer.SerializeToUtf8Bytes(slate, EventJson.Default.RecommendationObserved), origin.CorrelationId, origin.CausationId,
                DotNetType: ObservedType));
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
