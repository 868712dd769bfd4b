using System.Security.Cryptography;
using System.Text.Json;

namespace Recs.Training.Exporting;

/// <summary>An export is not what was written: a file was altered, cut short or is missing, or its folder was renamed.</summary>
public sealed class DamagedExportException : Exception
{
    /// <summary>A file is not what was written.</summary>
    public DamagedExportException(string path, string damage) : base($"Export file '{path}' is damaged: {damage}. Remove its folder and export the snapshot again.")
    {
    }

    private DamagedExportException(string message) : base(message)
    {
    }

    /// <summary>The files are as the manifest says, but the folder's name does not vouch for the manifest.</summary>
    public static DamagedExportException Renamed(string folder, string contentHash) => new(
        $"Nothing vouches for the manifest of export '{folder}', because the folder is not named by its sha256. Its files are as the manifest says: if the folder was only renamed, name it "
        + $"{contentHash} again.");
}

/// <summary>Checks an export without the database: the folder's name against the manifest, the manifest's digests against the files.</summary>
public static class VerifyExport
{
    /// <summary>Whether a folder holds an export.</summary>
    public static bool IsExport(string folder) => File.Exists(Path.Combine(folder, ExportFolder.ManifestName));

    /// <summary>Checks every byte.</summary>
    /// <param name="folder">Folder of the export, under whatever parent; its own name is its content hash.</param>
    /// <exception cref="DamagedExportException">A byte was altered, a file is missing or was added, or the folder has another name.</exception>
    public static StoredExport Run(string folder)
    {
        folder = Path.GetFullPath(folder);
        var path = Path.Combine(folder, ExportFolder.ManifestName);
        if (!File.Exists(path))
            throw new DamagedExportException(path, "it is missing");
        var bytes = File.ReadAllBytes(path);
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var named = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder));
        var isNamedByHash = named.Length == hash.Length && named.All(char.IsAsciiHexDigitLower);
        if (isNamedByHash && hash != named)
            throw new DamagedExportException(path, $"its sha256 is {hash}, but its folder is named '{named}'");
        var manifest = JsonSerializer.Deserialize(bytes, ExportJson.Default.ExportManifest)!;
        foreach (var file in manifest.Files)
            Verify(Path.Combine(folder, file.Name), file);
        var known = manifest.Files.Select(f => f.Name).Append(ExportFolder.ManifestName).ToHashSet(StringComparer.Ordinal);
        if (Directory.EnumerateFileSystemEntries(folder).FirstOrDefault(entry => !known.Contains(Path.GetFileName(entry))) is { } added)
            throw new DamagedExportException(added, "it is not one of the export's files");
        return isNamedByHash ? new(manifest, hash, folder, WasThere: true) : throw DamagedExportException.Renamed(folder, hash);
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
