namespace Recs.Training.Artifacts;

/// <summary>A file of an artifact is not what was written: altered, cut short or missing.</summary>
public sealed class DamagedArtifactException(string path, string damage)
    : Exception($"Model file '{path}' is damaged: {damage}. Make it again with 'recs reproduce VERSION' or restore the folder from a backup.")
{
    /// <summary>The damaged file.</summary>
    public string Path { get; } = path;

    /// <summary>A part whose digest differs.</summary>
    internal static DamagedArtifactException Digest(string path, string part, string expected, string found)
        => new(path, $"sha256 of its {part} is {found}, but {expected} was written");
}

/// <summary>The store has no artifact of this content.</summary>
public sealed class ArtifactNotFoundException(string directory, string contentHash)
    : Exception($"No artifact {contentHash} under '{directory}'. Make it again from the log with 'recs reproduce VERSION'.")
{
    /// <summary>The content that was asked for.</summary>
    public string ContentHash { get; } = contentHash;
}
