using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;

namespace Recs.Training.Artifacts;

/// <summary>The model file of an artifact, memory-mapped read-only, every section's digest checked when it was opened.</summary>
public sealed unsafe class ArtifactFiles : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly Dictionary<string, (long Offset, long Length)> _sections = new(StringComparer.Ordinal);

    private bool _released;

    private ArtifactFiles(string path, long length)
    {
        (Path, Bytes) = (path, length);
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        _start += _view.PointerOffset;
    }

    /// <summary>Lets go of the mapping of a model that was dropped without being disposed: the view's own finalizer waits for the acquired pointer.</summary>
    ~ArtifactFiles()
    {
        if (_start is not null)
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
    }

    /// <summary>The model file.</summary>
    public string Path { get; }
    /// <summary>Its size.</summary>
    public long Bytes { get; }
    /// <summary>The model's format version.</summary>
    public int FormatVersion { get; private set; }

    /// <summary>Maps a model file and checks every section against its digest.</summary>
    /// <exception cref="DamagedArtifactException">The file is missing, cut short or altered.</exception>
    public static ArtifactFiles Open(string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
            throw new DamagedArtifactException(path, "it is missing");
        if (info.Length == 0)
            throw new DamagedArtifactException(path, "it is empty");
        var files = new ArtifactFiles(path, info.Length);
        try
        {
            files.Check();
            return files;
        }
        catch
        {
            files.Dispose();
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
    public void Dispose()
    {
        if (_released)
            return;
        _released = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
        GC.SuppressFinalize(this);
    }

    private (long Offset, long Length) Find(string name)
        => _sections.TryGetValue(name, out var section) ? section : throw new DamagedArtifactException(Path, $"it has no section '{name}'");

    private void Check()
    {
        var (format, entries) = SectionTable.Decode(Path, new(_start, (int)Math.Min(Bytes, 1 << 20)));
        FormatVersion = format;
        foreach (var entry in entries)
        {
            if (entry.Offset < 0 || entry.Length < 0 || entry.Length > Bytes - entry.Offset)
                throw new DamagedArtifactException(Path, $"section '{entry.Name}' reaches past its end ({Bytes} bytes)");
            var found = Sha256(_start + entry.Offset, entry.Length);
            if (!found.AsSpan().SequenceEqual(entry.Sha256))
                throw DamagedArtifactException.Digest(Path, $"section '{entry.Name}'", Convert.ToHexStringLower(entry.Sha256), Convert.ToHexStringLower(found));
            _sections[entry.Name] = (entry.Offset, entry.Length);
        }
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
