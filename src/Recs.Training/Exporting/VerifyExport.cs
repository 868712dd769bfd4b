using System.Security.Cryptography;
using System.Text.Json;

namespace Recs.Training.Exporting;

/// <summary>A file of an export is not what was written: altered, cut short or missing.</summary>
public sealed class DamagedExportException(string path, string damage) : Exception($"Export file '{path}' is damaged: {damage}. Remove its folder and export the snapshot again.");

/// <summary>Checks an export without the database: the folder's name against the manifest, the manifest's digests against the files.</summary>
public static class VerifyExport
{
    /// <summary>Whether a folder holds an export.</summary>
    public static bool IsExport(string folder) => File.Exists(Path.Combine(folder, ExportFolder.ManifestName));

    /// <summary>Checks every byte.</summary>
    /// <param name="folder">Folder of the export, under whatever parent; its own name is its content hash.</param>
    /// <exception cref="DamagedExportException">A byte was altered, or a file is missing or was added.</exception>
    public static StoredExport Run(string folder)
    {
        folder = Path.GetFullPath(folder);
        var path = Path.Combine(folder, ExportFolder.ManifestName);
        if (!File.Exists(path))
            throw new DamagedExportException(path, "it is missing");
        var bytes = File.ReadAllBytes(path);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var named = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        if (hash != named)
            throw new DamagedExportException(path, $"its sha256 is {hash}, but its folder is named '{named}'");
        var manifest = JsonSerializer.Deserialize(bytes, ExportJson.Default.ExportManifest)!;
        foreach (var file in manifest.Files)
            Verify(Path.Combine(folder, file.Name), file);
        var known = manifest.Files.Select(f => f.Name).Append(ExportFolder.ManifestName).ToHashSet(StringComparer.Ordinal);
        if (Directory.EnumerateFileSystemEntries(folder).FirstOrDefault(entry => !known.Contains(Path.GetFileName(entry))) is { } added)
            throw new DamagedExportException(added, "it is not one of the export's files");
        return new(manifest, hash, folder, WasThere: true);
    }

    private static void Verify(string path, ExportedFile expected)
    {
        if (!File.Exists(path))
            throw new DamagedExportException(path, "it is missing");
        using var file = File.OpenRead(path);
        if (file.Length != expected.Bytes)
            throw new DamagedExportException(path, $"it has {file.Length} bytes, but {expected.Bytes} were written");
        var found = Convert.ToHexStringLower(SHA256.HashData(file));
        if (found != expected.Sha256)
            throw new DamagedExportException(path, $"its sha256 is {found}, but {expected.Sha256} was written");
    }
}
