namespace Recs.Training.Registry;

/// <summary>There is no version of the name.</summary>
public sealed class UnknownVersionException(string message) : ArgumentException(message);

/// <summary>Several models have a version of the short name.</summary>
public sealed class AmbiguousVersionException(string name, IReadOnlyList<string> versions)
    : ArgumentException($"'{name}' may be {string.Join(" or ", versions)}: write which.");

/// <summary>Names of versions: <c>{model}-v0.N</c>, or <c>v0.N</c> alone where the model is clear.</summary>
public static class ModelName
{
    /// <summary>Takes a version's name apart.</summary>
    /// <returns>The model and the short name, such as <c>popularity</c> and <c>v0.1</c>.</returns>
    /// <exception cref="UnknownVersionException">Not the name of a version.</exception>
    public static (string Model, string Short) Parse(string version)
    {
        var at = version.LastIndexOf("-v", StringComparison.Ordinal);
        return at > 0 && IsShort(version.AsSpan(at + 1))
            ? (version[..at], version[(at + 1)..])
            : throw new UnknownVersionException($"'{version}' is not the name of a version, such as 'popularity-v0.1'.");
    }

    /// <summary>Whether a text is a version's name without its model, such as <c>v0.1</c>.</summary>
    public static bool IsShort(ReadOnlySpan<char> text)
        => text.StartsWith("v0.") && text.Length > 3 && !text[3..].ContainsAnyExceptInRange('0', '9') && text[3] != '0';
}
