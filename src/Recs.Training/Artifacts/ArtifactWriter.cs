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
        file.Position = SectionTable.Align(SectionTable.BytesFor(artifact.Sections.Count));
        var entries = new List<SectionTable.Entry>();
        foreach (var section in artifact.Sections)
        {
            var offset = SectionTable.Align(file.Position);
            file.Position = offset;
            using var sha256 = SHA256.Create();
            using (var hashed = new CryptoStream(file, sha256, CryptoStreamMode.Write, leaveOpen: true))
                section.Write(hashed);
            if (file.Position != offset + section.Length)
                throw new InvalidOperationException($"Section '{section.Name}' wrote {file.Position - offset} bytes instead of {section.Length}.");
            entries.Add(new(section.Name, offset, section.Length, sha256.Hash!));
        }

        file.Position = 0;
        file.Write(SectionTable.Encode(artifact.FormatVersion, entries));
        file.Flush(flushToDisk: true);
        file.Position = 0;
        return (Convert.ToHexStringLower(SHA256.HashData(file)), file.Length);
    }
}
