using System.Runtime.InteropServices;

namespace Recs.Training.Artifacts;

/// <summary>
/// The bytes of a model file in memory of the process's own, outside the garbage-collected heap, starting at a 64-byte boundary. They are a copy rather than a mapping of
/// the file, because a mapping ends where its file ends: whoever cuts the file short under a running service (a restore in place, a full disk, an editor) would end the
/// process at the next touch of a page that is gone, with a signal that no code can catch, and one who writes into it would change answers that were checked before.
/// </summary>
internal sealed unsafe class ModelBytes : IDisposable
{
    private const int Chunk = 1 << 24;
    private byte* _start;

    private ModelBytes(long length)
    {
        Length = length;
        _start = (byte*)NativeMemory.AlignedAlloc((nuint)Math.Max(length, 1), 64);
        GC.AddMemoryPressure(Math.Max(length, 1));
    }

    /// <summary>Frees the bytes of a model that was dropped without being disposed.</summary>
    ~ModelBytes() => Free();

    /// <summary>How many there are.</summary>
    public long Length { get; }

    /// <summary>The first byte; valid until this is disposed.</summary>
    public byte* Start => _start is null ? throw new ObjectDisposedException(nameof(ModelBytes)) : _start;

    /// <summary>Reads a whole file.</summary>
    /// <exception cref="DamagedArtifactException">It is missing or empty, or became shorter while it was read.</exception>
    public static ModelBytes Read(string path)
    {
        if (!File.Exists(path))
            throw new DamagedArtifactException(path, "it is missing");
        using var file = File.OpenHandle(path, options: FileOptions.SequentialScan);
        var length = RandomAccess.GetLength(file);
        if (length == 0)
            throw new DamagedArtifactException(path, "it is empty");
        var bytes = new ModelBytes(length);
        try
        {
            for (long at = 0; at < length;)
            {
                var read = RandomAccess.Read(file, bytes.Span(at), at);
                at += read > 0 ? read : throw new DamagedArtifactException(path, $"it was cut short to {at} of {length} bytes while it was read");
            }

            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>What a fit gave, as its file would hold it.</summary>
    public static ModelBytes Of(Artifact artifact)
    {
        var bytes = new ModelBytes(ArtifactWriter.LengthOf(artifact));
        try
        {
            using var target = new UnmanagedMemoryStream(bytes._start, 0, bytes.Length, FileAccess.Write); // what is skipped becomes zero
            ArtifactWriter.Write(artifact, target);
            return bytes;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    /// <summary>From a place on, as much as one call of the system takes.</summary>
    private Span<byte> Span(long at) => new(_start + at, (int)Math.Min(Chunk, Length - at));

    private void Free()
    {
        if (_start is null)
            return;
        NativeMemory.AlignedFree(_start);
        _start = null;
        GC.RemoveMemoryPressure(Math.Max(Length, 1));
    }
}
