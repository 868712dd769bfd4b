using System.Security.Cryptography;

namespace Recs.Training.Artifacts;

/// <summary>Writes an artifact as a model file (<see cref="SectionTable"/>).</summary>
internal static class ArtifactWriter
{
    /// <summary>Writes the file and forces it to disk.</summary>
    /// <returns>sha256 of the whole file, lower-case hexadecimal, and its size.</returns>
    public static (string Sha256, long Bytes) Write(Artifact artifact, string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        Write(artifact, file);
        file.Flush(flushToDisk: true);
        file.Position = 0;
        return (Convert.ToHexStringLower(SHA256.HashData(file)), file.Length);
    }

    /// <summary>Writes what the file would hold.</summary>
    /// <param name="artifact">What to write.</param>
    /// <param name="target">Where; it can seek, and what is skipped is zero.</param>
    public static void Write(Artifact artifact, Stream target)
    {
        var entries = new List<SectionTable.Entry>();
        foreach (var (section, offset) in Layout(artifact))
        {
            if (section.Length == 0) // nothing is to be written at a place that may lie after the end
            {
                entries.Add(new(section.Name, offset, 0, SHA256.HashData([])));
                continue;
            }
            target.Position = offset;
            using var sha256 = SHA256.Create();
            using (var hashed = new CryptoStream(target, sha256, CryptoStreamMode.Write, leaveOpen: true))
                section.Write(hashed);
            if (target.Position != offset + section.Length)
                throw new InvalidOperationException($"Section '{section.Name}' wrote {target.Position - offset} bytes instead of {section.Length}.");
            entries.Add(new(section.Name, offset, section.Length, sha256.Hash!));
        }

        target.Position = 0;
        target.Write(SectionTable.Encode(artifact.FormatVersion, entries));
    }

    /// <summary>How many bytes <see cref="Write(Artifact, Stream)"/> writes.</summary>
    public static long LengthOf(Artifact artifact)
        => Layout(artifact).Where(s => s.Section.Length > 0).Select(s => s.Offset + s.Section.Length).LastOrDefault(SectionTable.BytesFor(artifact.Sections.Count));

    private static IEnumerable<(ArtifactSection Section, long Offset)> Layout(Artifact artifact)
    {
        long end = SectionTable.BytesFor(artifact.Sections.Count);
        foreach (var section in artifact.Sections)
        {
            var offset = SectionTable.Align(end);
            yield return (section, offset);
            end = offset + section.Length;
        }
    }
}
