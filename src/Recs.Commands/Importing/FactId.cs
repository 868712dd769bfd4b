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
        Span<byte> canonical = stackalloc byte[14 + 3 * (userId.Length + movieId.Length)];
        var ticks = at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        canonical[0] = kind;
        BinaryPrimitives.WriteInt64BigEndian(canonical[1..], ticks);
        BinaryPrimitives.WriteInt32BigEndian(canonical[9..], value);
        var length = 13 + Encoding.UTF8.GetBytes(userId, canonical[13..]);
        canonical[length++] = 0;
        length += Encoding.UTF8.GetBytes(movieId, canonical[length..]);
        return Compose(ticks / TimeSpan.TicksPerMillisecond, canonical[..length]);
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
