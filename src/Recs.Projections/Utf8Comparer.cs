using System.Runtime.InteropServices;
using System.Text;

namespace Recs.Projections;

/// <summary>Compares strings ordinally, by text or by their UTF-8 bytes, so that a dictionary of strings can be asked with the bytes of a row.</summary>
internal sealed class Utf8Comparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
{
    public static readonly Utf8Comparer Instance = new();

    public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

    public bool Equals(ReadOnlySpan<byte> alternate, string other)
        => Ascii.Equals(alternate, other) || (!Ascii.IsValid(alternate) && Encoding.UTF8.GetString(alternate) == other);

    public int GetHashCode(string obj)
    {
        var count = Encoding.UTF8.GetByteCount(obj);
        Span<byte> utf8 = count <= 512 ? stackalloc byte[count] : new byte[count];
        Encoding.UTF8.GetBytes(obj, utf8);
        return GetHashCode(utf8);
    }

    /// <summary>Eight bytes at a time, multiplied and folded; ids are short and nobody chooses them to collide within one fold.</summary>
    public int GetHashCode(ReadOnlySpan<byte> alternate)
    {
        var hash = (ulong)alternate.Length;
        while (alternate.Length >= sizeof(ulong))
        {
            hash = (hash ^ MemoryMarshal.Read<ulong>(alternate)) * 0x9E3779B97F4A7C15;
            hash ^= hash >> 32;
            alternate = alternate[sizeof(ulong)..];
        }
        foreach (var b in alternate) hash = (hash ^ b) * 0x9E3779B97F4A7C15;
        return (int)(hash ^ (hash >> 32));
    }

    public string Create(ReadOnlySpan<byte> alternate) => Encoding.UTF8.GetString(alternate);
}
