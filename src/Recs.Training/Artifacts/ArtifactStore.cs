using System.Security.Cryptography;
using System.Text;
using Recs.Contracts.Registry;

namespace Recs.Training.Artifacts;

/// <summary>An artifact in the store.</summary>
/// <param name="ContentHash">sha256 of its list of file digests: its address.</param>
/// <param name="Files">Its files, by name.</param>
public sealed record StoredArtifact(string ContentHash, IReadOnlyList<ModelFile> Files)
{
    /// <summary>Size of all files.</summary>
    public long Bytes => Files.Sum(f => f.Bytes);
}

/// <summary>
/// A directory of artifacts that all roles share (a local folder or a mount). Each artifact is a folder <c>content/{hash}</c> with its files and
/// <c>files.sha256</c> (as <c>sha256sum</c> writes it, so that it also checks it); the hash is the sha256 of that list, so a name proves a content. Folders are written
/// under another name and renamed, so a half-written one is never seen. Beside them, for people and scripts: <c>{model}/v0.N/meta.json</c> and <c>{model}/latest.txt</c>.
/// </summary>
/// <param name="directory">Made if it does not exist.</param>
public sealed class ArtifactStore(string directory)
{
    private const string ModelFileName = "model.bin";
    private const string DigestsName = "files.sha256";

    /// <summary>The directory.</summary>
    public string Directory { get; } = Path.GetFullPath(directory);

    /// <summary>Whether the store has an artifact; its files may still be damaged.</summary>
    public bool Contains(string contentHash) => System.IO.Directory.Exists(FolderOf(contentHash));

    /// <summary>Writes an artifact. A content that is there already (and whole) is left as it is.</summary>
    public StoredArtifact Put(Artifact artifact)
    {
        var temporary = Path.Combine(Directory, "tmp-" + Guid.NewGuid().ToString("N"));
        System.IO.Directory.CreateDirectory(temporary);
        try
        {
            var (sha256, bytes) = ArtifactWriter.Write(artifact, Path.Combine(temporary, ModelFileName));
            var stored = Describe([new ModelFile(ModelFileName, sha256, bytes)]);
            File.WriteAllText(Path.Combine(temporary, DigestsName), DigestList(stored.Files));
            Publish(temporary, stored);
            return stored;
        }
        finally
        {
            if (System.IO.Directory.Exists(temporary))
                System.IO.Directory.Delete(temporary, recursive: true);
        }
    }

    /// <summary>Opens an artifact after checking its list against the hash and its file against the list.</summary>
    /// <exception cref="ArtifactNotFoundException">The store does not have it.</exception>
    /// <exception cref="DamagedArtifactException">A byte was altered or a file is missing.</exception>
    public ArtifactFiles Open(string contentHash)
        => ArtifactFiles.Open(PathOf(contentHash), Digests(contentHash).Single(file => file.Name == ModelFileName).Sha256);

    /// <summary>Checks every byte of an artifact.</summary>
    /// <exception cref="ArtifactNotFoundException">The store does not have it.</exception>
    /// <exception cref="DamagedArtifactException">A byte was altered or a file is missing.</exception>
    public StoredArtifact Verify(string contentHash)
        => new(contentHash, [.. Digests(contentHash).Select(file => VerifyFile(FolderOf(contentHash), file.Sha256, file.Name))]);

    /// <summary>The list of an artifact's files, checked against the hash.</summary>
    private IEnumerable<(string Sha256, string Name)> Digests(string contentHash)
    {
        var folder = FolderOf(contentHash);
        if (!Contains(contentHash))
            throw new ArtifactNotFoundException(Directory, contentHash);
        var list = Path.Combine(folder, DigestsName);
        if (!File.Exists(list))
            throw new DamagedArtifactException(list, "it is missing");
        var text = File.ReadAllBytes(list);
        var found = Convert.ToHexStringLower(SHA256.HashData(text));
        if (found != contentHash)
            throw DamagedArtifactException.Digest(list, "text", contentHash, found);
        return Encoding.UTF8.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => (line[..64], line[66..]));
    }

    /// <summary>The path of an artifact's model file.</summary>
    public string PathOf(string contentHash) => Path.Combine(FolderOf(contentHash), ModelFileName);

    private static ModelFile VerifyFile(string folder, string expected, string name)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path))
            throw new DamagedArtifactException(path, "it is missing");
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        var found = Convert.ToHexStringLower(SHA256.HashData(file));
        return found == expected ? new(name, found, file.Length) : throw DamagedArtifactException.Digest(path, "content", expected, found);
    }

    private void Publish(string temporary, StoredArtifact stored)
    {
        var folder = FolderOf(stored.ContentHash);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        if (Contains(stored.ContentHash) && IsWhole(stored.ContentHash))
            return;
        if (Contains(stored.ContentHash))
            System.IO.Directory.Move(folder, temporary + "-damaged"); // kept for whoever wants to know what happened
        try
        {
            System.IO.Directory.Move(temporary, folder);
        }
        catch (IOException) when (Contains(stored.ContentHash))
        {
            return; // another process published the same content in the meantime; its folder is as good as ours
        }
    }

    private bool IsWhole(string contentHash)
    {
        try
        {
            Verify(contentHash);
            return true;
        }
        catch (DamagedArtifactException)
        {
            return false;
        }
    }

    private static StoredArtifact Describe(IReadOnlyList<ModelFile> files)
        => new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(DigestList(files)))), files);

    private static string DigestList(IEnumerable<ModelFile> files)
        => string.Concat(files.OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => $"{f.Sha256}  {f.Name}\n"));

    private string FolderOf(string contentHash)
        => contentHash.Length == 64 && contentHash.All(char.IsAsciiHexDigitLower)
            ? Path.Combine(Directory, "content", contentHash)
            : throw new ArgumentException($"'{contentHash}' is not a sha256 in lower-case hexadecimal.", nameof(contentHash));
}
