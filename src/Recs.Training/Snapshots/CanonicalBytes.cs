using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Recs.Training.Snapshots;

/// <summary>
/// The one byte sequence that stands for a data set. Version 1, little endian, without padding: the 16 ASCII bytes <c>RECS-SNAPSHOT-01</c>; number
/// of users, movies and interactions (int64 each); every user id, then every movie id, in ordinal order (uint16 length, UTF-8); then the columns
/// user (int32), movie (int32), half stars (uint8) and milliseconds since 1970 (int64), each over all interactions in log order.
/// </summary>
public static class CanonicalBytes
{
    private static ReadOnlySpan<byte> Magic => "RECS-SNAPSHOT-01"u8;
    private static ReadOnlySpan<byte> GenresMagic => "RECS-GENRES-0001"u8;
    private static ReadOnlySpan<byte> TitlesMagic => "RECS-TITLES-0001"u8;
    private static ReadOnlySpan<byte> DemographicsMagic => "RECS-PEOPLE-0001"u8;

    /// <summary>sha256 of the canonical bytes, lower-case hexadecimal.</summary>
    public static string Sha256(InteractionSet set)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Emit(set, hash.AppendData);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// sha256 of the genres of a data set's movies, lower-case hexadecimal. A part of its own, so that the digests of data sets stay what they were. Its
    /// bytes, version 1: the 16 ASCII bytes <c>RECS-GENRES-0001</c>; number of movies (int64); per movie in ordinal order its id (uint16 length, UTF-8),
    /// number of genres (uint16) and their names in ordinal order (uint16 length, UTF-8).
    /// </summary>
    public static string GenresSha256(InteractionSet set)
    {
        var bytes = new ArrayBufferWriter<byte>();
        EmitHead(GenresMagic, set.Movies.Count, bytes);
        for (var movie = 0; movie < set.Movies.Count; movie++)
        {
            EmitText(set.Movies[movie], bytes);
            var genres = set.Genres.Of(movie);
            EmitLength(genres.Length, bytes);
            foreach (var genre in genres)
                EmitText(set.Genres.Names[genre], bytes);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes.WrittenSpan));
    }

    /// <summary>
    /// sha256 of the titles of a data set's movies, lower-case hexadecimal: a part of its own, as the genres are. Its bytes, version 1: the 16 ASCII bytes
    /// <c>RECS-TITLES-0001</c>; number of movies (int64); per movie in ordinal order the id (uint16 length, UTF-8), one byte (1 if the title is known, plus 2 if the year
    /// is), then those that are known: title (uint16 length, UTF-8), year (int32).
    /// </summary>
    public static string TitlesSha256(InteractionSet set)
    {
        var bytes = new ArrayBufferWriter<byte>();
        EmitHead(TitlesMagic, set.Movies.Count, bytes);
        for (var movie = 0; movie < set.Movies.Count; movie++)
        {
            var (title, year) = set.Titles[movie];
            EmitText(set.Movies[movie], bytes);
            bytes.Write([(byte)((title is null ? 0 : 1) + (year is null ? 0 : 2))]);
            if (title is not null)
                EmitText(title, bytes);
            if (year is { } known)
                EmitNumber(known, bytes);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes.WrittenSpan));
    }

    /// <summary>
    /// sha256 of what is known about a data set's users, lower-case hexadecimal: a part of its own, as the genres are. Its bytes, version 1: the 16 ASCII bytes
    /// <c>RECS-PEOPLE-0001</c>; number of users (int64); per user in ordinal order the id (uint16 length, UTF-8), one byte (1 if the gender is known, plus 2 if the
    /// age is, plus 4 if the occupation is), then those that are known: gender (uint16 length, UTF-8), age (int32), occupation (uint16 length, UTF-8).
    /// </summary>
    public static string DemographicsSha256(InteractionSet set)
    {
        var bytes = new ArrayBufferWriter<byte>();
        EmitHead(DemographicsMagic, set.Users.Count, bytes);
        for (var user = 0; user < set.Users.Count; user++)
        {
            EmitText(set.Users[user], bytes);
            Emit(set.Demographics[user], bytes);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes.WrittenSpan));
    }

    private static void Emit(Demographics known, ArrayBufferWriter<byte> bytes)
    {
        bytes.Write([(byte)((known.Gender is null ? 0 : 1) + (known.Age is null ? 0 : 2) + (known.Occupation is null ? 0 : 4))]);
        if (known.Gender is { } gender)
            EmitText(gender, bytes);
        if (known.Age is { } age)
            EmitNumber(age, bytes);
        if (known.Occupation is { } occupation)
            EmitText(occupation, bytes);
    }

    /// <summary>Writes the canonical bytes.</summary>
    public static void Write(InteractionSet set, Stream target) => Emit(set, target.Write);

    private delegate void Sink(ReadOnlySpan<byte> bytes);

    private static void Emit(InteractionSet set, Sink sink)
    {
        sink(Magic);
        Span<byte> counts = stackalloc byte[24];
        BinaryPrimitives.WriteInt64LittleEndian(counts, set.Users.Count);
        BinaryPrimitives.WriteInt64LittleEndian(counts[8..], set.Movies.Count);
        BinaryPrimitives.WriteInt64LittleEndian(counts[16..], set.Count);
        sink(counts);
        EmitIds(set.Users, sink);
        EmitIds(set.Movies, sink);
        // x64 is little endian, so the columns' own bytes are the canonical ones.
        sink(MemoryMarshal.AsBytes(set.User));
        sink(MemoryMarshal.AsBytes(set.Movie));
        sink(set.HalfStars);
        sink(MemoryMarshal.AsBytes(set.At));
    }

    private static void EmitIds(IdMap map, Sink sink)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var id in map.Ids)
            EmitText(id, bytes);
        sink(bytes.WrittenSpan);
    }

    private static void EmitHead(ReadOnlySpan<byte> magic, int count, ArrayBufferWriter<byte> bytes)
    {
        bytes.Write(magic);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.GetSpan(8), count);
        bytes.Advance(8);
    }

    private static void EmitNumber(int number, ArrayBufferWriter<byte> bytes)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes.GetSpan(4), number);
        bytes.Advance(4);
    }

    private static void EmitText(string text, ArrayBufferWriter<byte> bytes)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        EmitLength(length, bytes);
        bytes.Advance(Encoding.UTF8.GetBytes(text, bytes.GetSpan(length)));
    }

    private static void EmitLength(int length, ArrayBufferWriter<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.GetSpan(2), checked((ushort)length));
        bytes.Advance(2);
    }
}
