using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Recs.Commands.Importing;

/// <summary>
/// Event ids of facts that come from a file or a topic: the same fact always gets the same id, so that telling it again changes nothing.
/// </summary>
/// <remarks>
/// The layout is UUID version 8 (RFC 9562): 48 bits of Unix milliseconds of the fact's time, then 74 bits of the SHA-256 of its canonical bytes. The
/// time in
/// front makes an import in the order of time insert into its index in order, and lets one short walk over the index find a range's duplicates.
/// Facts without a time (a movie, a person) have 0 there.
/// </remarks>
public static class FactId
{
    private const byte RatedKind = 1;
    private const byte WatchedKind = 2;
    private const byte MovieKind = 3;
    private const byte UserKind = 4;
    private const byte ObservedKind = 5;
    private const byte AgainKind = 9;

    /// <summary>A movie was rated.</summary>
    /// <param name="userId">Valid id.</param>
    /// <param name="movieId">Valid id.</param>
    /// <param name="halfStars">1 to 10.</param>
    /// <param name="at">When it happened, from 1970 on.</param>
    public static Guid Rated(string userId, string movieId, int halfStars, DateTimeOffset at)
        => OfInteraction(RatedKind, userId, movieId, halfStars, at);

    /// <summary>A minute of a movie was watched.</summary>
    /// <param name="userId">Valid id.</param>
    /// <param name="movieId">Valid id.</param>
    /// <param name="minute">Minute of the movie, from 0.</param>
    /// <param name="at">When it happened, from 1970 on.</param>
    public static Guid Watched(string userId, string movieId, int minute, DateTimeOffset at)
        => OfInteraction(WatchedKind, userId, movieId, minute, at);

    /// <summary>A movie was rated: the ids as ASCII.</summary>
    /// <inheritdoc cref="Rated(string, string, int, DateTimeOffset)"/>
    internal static Guid Rated(ReadOnlySpan<byte> userId, ReadOnlySpan<byte> movieId, int halfStars, long utcTicks)
        => OfInteraction(RatedKind, userId, movieId, halfStars, utcTicks);

    /// <summary>A minute of a movie was watched: the ids as ASCII.</summary>
    /// <inheritdoc cref="Watched(string, string, int, DateTimeOffset)"/>
    internal static Guid Watched(ReadOnlySpan<byte> userId, ReadOnlySpan<byte> movieId, int minute, long utcTicks)
        => OfInteraction(WatchedKind, userId, movieId, minute, utcTicks);

    /// <summary>Somebody else's service answered with a slate; the id without hyphens is the slate's request id too.</summary>
    /// <param name="userId">Who asked, ASCII.</param>
    /// <param name="server">Who answered, ASCII.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="items">Movie ids parted by comma and space, ASCII.</param>
    /// <param name="latencyMs">Milliseconds that it took.</param>
    /// <param name="utcTicks">When, from 1970 on.</param>
    public static Guid Observed(
        ReadOnlySpan<byte> userId, ReadOnlySpan<byte> server, int status, ReadOnlySpan<byte> items, int latencyMs, long utcTicks)
    {
        var length = 19 + userId.Length + server.Length + items.Length;
        var canonical = length <= 2048 ? stackalloc byte[length] : new byte[length];
        var ticks = utcTicks - DateTimeOffset.UnixEpoch.Ticks;
        canonical[0] = ObservedKind;
        BinaryPrimitives.WriteInt64BigEndian(canonical[1..], ticks);
        BinaryPrimitives.WriteInt32BigEndian(canonical[9..], status);
        BinaryPrimitives.WriteInt32BigEndian(canonical[13..], latencyMs);
        userId.CopyTo(canonical[17..]);
        canonical[17 + userId.Length] = 0;
        server.CopyTo(canonical[(18 + userId.Length)..]);
        canonical[18 + userId.Length + server.Length] = 0;
        items.CopyTo(canonical[(19 + userId.Length + server.Length)..]);
        return Compose(ticks / TimeSpan.TicksPerMillisecond, canonical);
    }

    /// <summary>A movie is what this body says, newly so or changed into it.</summary>
    public static Guid Movie(ReadOnlySpan<byte> body) => OfContent(MovieKind, body);

    /// <summary>A person is what this body says, newly so or changed into it.</summary>
    public static Guid User(ReadOnlySpan<byte> body) => OfContent(UserKind, body);

    /// <summary>Something is again what this body says, after it was something else in between.</summary>
    /// <param name="body">What it is again.</param>
    /// <param name="before">Event that said what it was in between.</param>
    public static Guid Again(ReadOnlySpan<byte> body, Guid before) => OfContent(AgainKind, [.. before.ToByteArray(bigEndian: true), .. body]);

    private static Guid OfInteraction(byte kind, string userId, string movieId, int value, DateTimeOffset at)
    {
        Span<byte> ids = stackalloc byte[3 * (userId.Length + movieId.Length)];
        var user = ids[..Encoding.UTF8.GetBytes(userId, ids)];
        var movie = ids[user.Length..];
        return OfInteraction(kind, user, movie[..Encoding.UTF8.GetBytes(movieId, movie)], value, at.UtcTicks);
    }

    private static Guid OfInteraction(byte kind, ReadOnlySpan<byte> userId, ReadOnlySpan<byte> movieId, int value, long utcTicks)
    {
        Span<byte> canonical = stackalloc byte[14 + userId.Length + movieId.Length];
        var ticks = utcTicks - DateTimeOffset.UnixEpoch.Ticks;
        canonical[0] = kind;
        BinaryPrimitives.WriteInt64BigEndian(canonical[1..], ticks);
        BinaryPrimitives.WriteInt32BigEndian(canonical[9..], value);
        userId.CopyTo(canonical[13..]);
        canonical[13 + userId.Length] = 0;
        movieId.CopyTo(canonical[(14 + userId.Length)..]);
        return Compose(ticks / TimeSpan.TicksPerMillisecond, canonical);
    }

    private static Guid OfContent(byte kind, ReadOnlySpan<byte> body) => Compose(0, [kind, .. body]);

    private static Guid Compose(long milliseconds, ReadOnlySpan<byte> canonical)
    {
        Span<byte> id = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(canonical, id);
        BinaryPrimitives.WriteInt64BigEndian(id, milliseconds << 16 | BinaryPrimitives.ReadUInt16BigEndian(id[6..]));
        id[6] = (byte)(id[6] & 0x0F | 0x80);
        id[8] = (byte)(id[8] & 0x3F | 0x80);
        return new Guid(id[..16], bigEndian: true);
    }
}
