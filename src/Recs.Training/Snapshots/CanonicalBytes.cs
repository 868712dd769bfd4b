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

    /// <summary>sha256 of the canonical bytes, lower-case hexadecimal.</summary>
    public static string Sha256(InteractionSet set)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Emit(set, hash.AppendData);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
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
        {
            var length = Encoding.UTF8.GetByteCount(id);
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.GetSpan(2), checked((ushort)length));
            bytes.Advance(2);
            bytes.Advance(Encoding.UTF8.GetBytes(id, bytes.GetSpan(length)));
        }

        sink(bytes.WrittenSpan);
    }
}
