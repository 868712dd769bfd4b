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
        => Cut(version) is > 0 and var at
            ? (version[..at], version[(at + 1)..])
            : throw new UnknownVersionException($"'{version}' is not the name of a version, such as 'popularity-v0.1'; 'recs models list' shows what there is.");

    /// <summary>Whether a text has the form of a version's whole name, such as <c>popularity-v0.1</c>.</summary>
    public static bool IsWhole(string text) => Cut(text) > 0;

    /// <summary>Where the model ends; -1 if it is not the name of a version.</summary>
    private static int Cut(string version) => version.LastIndexOf("-v", StringComparison.Ordinal) is > 0 and var at && IsShort(version.AsSpan(at + 1)) ? at : -1;

    /// <summary>Whether a text is a version's name without its model, such as <c>v0.1</c>.</summary>
    public static bool IsShort(ReadOnlySpan<char> text)
        => text.StartsWith("v0.") && text.Length > 3 && !text[3..].ContainsAnyExceptInRange('0', '9') && text[3] != '0';
}
