using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Recs.Training.Artifacts;

/// <summary>
/// Head of a model file, little endian: magic <c>RECSMODL</c> (8 bytes), container version (uint32), the model's format version (uint32), number of
/// sections (uint32), 12 zero bytes; per section 64 bytes: name (16 ASCII bytes, zero-filled), offset and length in the file (int64 each), sha256 of
/// the section's bytes (32 bytes); sha256 of all that (32 bytes). Sections start at multiples of 64, zeros between them.
/// </summary>
internal static class SectionTable
{
    public const int NameBytes = 16;
    private const int FixedBytes = 32;
    private const int EntryBytes = 64;
    private const int DigestBytes = SHA256.HashSizeInBytes;
    private const uint ContainerVersion = 1;
    private const int MostSections = 1000;

    private static ReadOnlySpan<byte> Magic => "RECSMODL"u8;

    public readonly record struct Entry(string Name, long Offset, long Length, byte[] Sha256);

    public static int BytesFor(int sections) => FixedBytes + (sections * EntryBytes) + DigestBytes;

    public static long Align(long offset) => (offset + 63) & ~63L;

    public static byte[] Encode(int formatVersion, IReadOnlyList<Entry> entries)
    {
        var head = new byte[BytesFor(entries.Count)];
        Magic.CopyTo(head);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(8), ContainerVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(12), (uint)formatVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(16), (uint)entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            var slot = head.AsSpan(FixedBytes + (i * EntryBytes), EntryBytes);
            Encoding.ASCII.GetBytes(entries[i].Name, slot);
            BinaryPrimitives.WriteInt64LittleEndian(slot[NameBytes..], entries[i].Offset);
            BinaryPrimitives.WriteInt64LittleEndian(slot[(NameBytes + 8)..], entries[i].Length);
            entries[i].Sha256.CopyTo(slot[(NameBytes + 16)..]);
        }

        SHA256.HashData(head.AsSpan(0, head.Length - DigestBytes), head.AsSpan(head.Length - DigestBytes));
        return head;
    }

    /// <summary>Reads the head of a file.</summary>
    /// <exception cref="DamagedArtifactException">It is not a model file, of another container version, or altered.</exception>
    public static (int FormatVersion, IReadOnlyList<Entry> Entries) Decode(string path, ReadOnlySpan<byte> file)
    {
        if (file.Length < BytesFor(0) || !file.StartsWith(Magic))
            throw new DamagedArtifactException(path, "it does not start as a model file does");
        var container = BinaryPrimitives.ReadUInt32LittleEndian(file[8..]);
        if (container != ContainerVersion)
            throw new DamagedArtifactException(path, $"its container version is {container}, this program reads {ContainerVersion}");
        var count = BinaryPrimitives.ReadUInt32LittleEndian(file[16..]);
        if (count > MostSections || file.Length < BytesFor((int)count))
            throw new DamagedArtifactException(path, $"it ends inside its section table ({file.Length} bytes, {count} sections)");
        var body = file[..(BytesFor((int)count) - DigestBytes)];
        var expected = file.Slice(body.Length, DigestBytes);
        var found = SHA256.HashData(body);
        if (!expected.SequenceEqual(found))
            throw DamagedArtifactException.Digest(path, "section table", Convert.ToHexStringLower(expected), Convert.ToHexStringLower(found));

        var entries = new Entry[count];
        for (var i = 0; i < entries.Length; i++)
        {
            var slot = file.Slice(FixedBytes + (i * EntryBytes), EntryBytes);
            entries[i] = new(
                Encoding.ASCII.GetString(slot[..NameBytes]).TrimEnd('\0'),
                BinaryPrimitives.ReadInt64LittleEndian(slot[NameBytes..]),
                BinaryPrimitives.ReadInt64LittleEndian(slot[(NameBytes + 8)..]),
                slot[(NameBytes + 16)..].ToArray());
        }

        return ((int)BinaryPrimitives.ReadUInt32LittleEndian(file[12..]), entries);
    }
}
