using System.Security.Cryptography;

namespace Recs.Training.Artifacts;

/// <summary>
/// The model file of an artifact, read into memory, its digest or every section's checked on what was read; or a model that lies in a section of another one, in the
/// same memory; or one that has no file yet. What happens to the file afterwards changes nothing.
/// </summary>
public sealed unsafe class ArtifactFiles : IDisposable
{
    private readonly ModelBytes? _bytes;
    private readonly ArtifactFiles? _outer; // whose memory this is a part of: it is kept at least as long as this is in use
    private readonly byte* _start;
    private readonly Dictionary<string, (long Offset, long Length)> _sections = new(StringComparer.Ordinal);

    private ArtifactFiles(string path, ModelBytes bytes)
    {
        (Path, Bytes, _bytes) = (path, bytes.Length, bytes);
        _start = bytes.Start;
    }

    private ArtifactFiles(ArtifactFiles outer, string path, long offset, long length)
    {
        (Path, Bytes, _outer) = (path, length, outer);
        _start = outer._start + offset;
    }

    /// <summary>The model file.</summary>
    public string Path { get; }
    /// <summary>Its size.</summary>
    public long Bytes { get; }
    /// <summary>The model's format version.</summary>
    public int FormatVersion { get; private set; }

    /// <summary>Reads a model file and checks every section against its digest.</summary>
    /// <exception cref="DamagedArtifactException">The file is missing, cut short or altered.</exception>
    public static ArtifactFiles Open(string path) => new ArtifactFiles(path, ModelBytes.Read(path)).Read(checkDigests: true);

    /// <summary>Reads a model file whose digest is known, which covers every section.</summary>
    /// <exception cref="DamagedArtifactException">The file is missing, cut short or altered.</exception>
    internal static ArtifactFiles Open(string path, string sha256)
    {
        var files = new ArtifactFiles(path, ModelBytes.Read(path));
        var found = Convert.ToHexStringLower(Sha256(files._start, files.Bytes));
        if (found == sha256)
            return files.Read(checkDigests: false);
        files.Dispose();
        throw DamagedArtifactException.Digest(path, "content", sha256, found);
    }

    /// <summary>A copy of what a fit gave, in memory alone, to be opened for scoring before it is stored.</summary>
    public static ArtifactFiles InMemory(Artifact artifact) => new ArtifactFiles($"{artifact.Model}, in memory", ModelBytes.Of(artifact)).Read(checkDigests: false);

    /// <summary>The model that lies in a section. It is a view: this one must stay open, and disposing the view does nothing.</summary>
    /// <exception cref="DamagedArtifactException">No such section, or it holds no model file.</exception>
    public ArtifactFiles Nested(string section)
    {
        var (offset, length) = Find(section);
        return new ArtifactFiles(this, $"{Path} (section '{section}')", offset, length).Read(checkDigests: false); // the section's own digest was over all of it
    }

    /// <summary>The same model for a scorer that disposes what it was given: disposing the view does nothing, and this one must stay open.</summary>
    public ArtifactFiles Shared() => new ArtifactFiles(this, Path, 0, Bytes).Read(checkDigests: false);

    /// <summary>Writes the bytes of the file.</summary>
    internal void CopyTo(Stream target)
    {
        const int chunk = 1 << 24;
        for (long at = 0; at < Bytes; at += chunk)
            target.Write(new ReadOnlySpan<byte>(_start + at, (int)Math.Min(chunk, Bytes - at)));
    }

    private ArtifactFiles Read(bool checkDigests)
    {
        try
        {
            ReadSections(checkDigests);
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a section of that name.</summary>
    public bool Contains(string section) => _sections.ContainsKey(section);

    /// <summary>The numbers of a section; valid as long as the files are open.</summary>
    /// <exception cref="DamagedArtifactException">No such section, or not a whole number of <typeparamref name="T"/>.</exception>
    public ReadOnlySpan<T> Section<T>(string name) where T : unmanaged
    {
        var bytes = Find(name);
        return bytes.Length % sizeof(T) == 0 && bytes.Length / sizeof(T) <= int.MaxValue
            ? new(_start + bytes.Offset, (int)(bytes.Length / sizeof(T)))
            : throw new DamagedArtifactException(Path, $"section '{name}' has {bytes.Length} bytes, not a whole number of {typeof(T).Name}");
    }

    /// <summary>The ids of a section written by <see cref="Artifact.Add(string, IEnumerable{string})"/>.</summary>
    public string[] Ids(string name)
    {
        var text = System.Text.Encoding.UTF8.GetString(Section<byte>(name));
        return text.Length == 0 ? [] : text[..^1].Split('\n');
    }

    /// <summary>The first byte of a section of exactly so many bytes; valid as long as the files are open.</summary>
    internal byte* Pointer(string name, long bytes)
    {
        var (offset, length) = Find(name);
        return length == bytes ? _start + offset : throw new DamagedArtifactException(Path, $"section '{name}' has {length} bytes instead of {bytes}");
    }

    /// <inheritdoc />
    public void Dispose() => _bytes?.Dispose();

    private (long Offset, long Length) Find(string name)
        => _sections.TryGetValue(name, out var section) ? section : throw new DamagedArtifactException(Path, $"it has no section '{name}'");

    private void ReadSections(bool checkDigests)
    {
        var (format, entries) = SectionTable.Decode(Path, new(_start, (int)Math.Min(Bytes, 1 << 20)));
        FormatVersion = format;
        foreach (var entry in entries)
        {
            // An empty section at the end lies where the next one would begin, which may be some bytes after the end.
            if (entry.Offset < 0 || entry.Length < 0 || (entry.Length > 0 && entry.Length > Bytes - entry.Offset))
                throw new DamagedArtifactException(Path, $"section '{entry.Name}' reaches past its end ({Bytes} bytes)");
            if (checkDigests)
                CheckDigest(entry);
            _sections[entry.Name] = (entry.Offset, entry.Length);
        }
    }

    private void CheckDigest(SectionTable.Entry entry)
    {
        var found = Sha256(_start + entry.Offset, entry.Length);
        if (!found.AsSpan().SequenceEqual(entry.Sha256))
            throw DamagedArtifactException.Digest(Path, $"section '{entry.Name}'", Convert.ToHexStringLower(entry.Sha256), Convert.ToHexStringLower(found));
    }

    private static byte[] Sha256(byte* start, long length)
    {
        const int chunk = 1 << 24;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long at = 0; at < length; at += chunk)
            hash.AppendData(new ReadOnlySpan<byte>(start + at, (int)Math.Min(chunk, length - at)));
        return hash.GetHashAndReset();
    }
}
