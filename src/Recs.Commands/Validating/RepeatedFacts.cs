using System.Runtime.InteropServices;

namespace Recs.Commands.Validating;

/// <summary>
/// Finds the lines that say what an earlier line says, in bounded memory: ids are parted by their hash bits, and parts that are full go to files. At the end
/// each part is looked through on its own.
/// </summary>
internal sealed class RepeatedFacts : IDisposable
{
    private const int Parts = 64;
    private const int PartSize = 4096;

    private readonly Entry[][] buffers = [.. Enumerable.Range(0, Parts).Select(_ => new Entry[PartSize])];
    private readonly int[] counts = new int[Parts];
    private readonly FileStream?[] files = new FileStream?[Parts];

    private readonly record struct Entry(Guid Id, long Line);

    /// <summary>Takes a line; lines come in their order.</summary>
    /// <param name="id">What it says: equal for two lines that say the same. Its last byte must be spread evenly.</param>
    /// <param name="line">Line number.</param>
    public void Add(Guid id, long line)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        var part = bytes[15] % Parts;
        if (counts[part] == PartSize) Spill(part);
        buffers[part][counts[part]++] = new(id, line);
    }

    /// <summary>Looks through all lines.</summary>
    /// <param name="repeated">Is told of each line that says what an earlier one says.</param>
    /// <returns>How many there are.</returns>
    public long Find(Action<long> repeated)
    {
        var found = 0L;
        var seen = new HashSet<Guid>();
        for (var part = 0; part < Parts; part++)
        {
            seen.Clear();
            foreach (var entry in Entries(part))
                if (!seen.Add(entry.Id))
                {
                    found++;
                    repeated(entry.Line);
                }
        }
        return found;
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (var file in files) file?.Dispose();
    }

    private IEnumerable<Entry> Entries(int part)
    {
        var last = buffers[part][..counts[part]];
        if (files[part] is { } file)
        {
            file.Position = 0;
            var page = buffers[part];
            for (long left = file.Length; left > 0;)
            {
                var bytes = (int)Math.Min(left, MemoryMarshal.AsBytes(page.AsSpan()).Length);
                file.ReadExactly(MemoryMarshal.AsBytes(page.AsSpan())[..bytes]);
                for (var i = 0; i < bytes / Marshal.SizeOf<Entry>(); i++) yield return page[i];
                left -= bytes;
            }
        }
        foreach (var entry in last) yield return entry;
    }

    private void Spill(int part)
    {
        files[part] ??= Unnamed();
        files[part]!.Write(MemoryMarshal.AsBytes(buffers[part].AsSpan(0, counts[part])));
        counts[part] = 0;
    }

    /// <summary>A file that goes away with whoever has it open: a kill leaves nothing behind.</summary>
    private static FileStream Unnamed()
    {
        var file = new FileStream(Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.Delete, bufferSize: 0);
        File.Delete(file.Name);
        return file;
    }
}
