using Recs.Commands.Importing;

namespace Recs.Commands.Validating;

/// <summary>Lines that are not clean, a bit each, so that a file of a hundred million lines needs 12 MB.</summary>
internal sealed class LineMarks(IRejectSink? next = null) : IRejectSink
{
    private readonly Dictionary<string, List<ulong>> byFile = new(StringComparer.Ordinal);

    /// <summary>Whether the line is marked.</summary>
    /// <param name="file">File name without its folder.</param>
    /// <param name="line">Line number, from 1.</param>
    public bool Contains(string file, long line)
        => byFile.TryGetValue(file, out var bits) && line >> 6 < bits.Count && (bits[(int)(line >> 6)] >> (int)(line & 63) & 1) != 0;

    /// <summary>Marks a line.</summary>
    public void Mark(string file, long line)
    {
        if (!byFile.TryGetValue(file, out var bits)) byFile.Add(file, bits = []);
        var word = (int)(line >> 6);
        while (bits.Count <= word) bits.Add(0);
        bits[word] |= 1UL << (int)(line & 63);
    }

    /// <inheritdoc/>
    public void Add(in Reject reject)
    {
        Mark(reject.File, reject.Line);
        next?.Add(in reject);
    }

    /// <inheritdoc/>
    public void Repeated(string file, long line)
    {
        Mark(file, line);
        next?.Repeated(file, line);
    }
}
