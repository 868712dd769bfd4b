namespace Recs.Training.Registry;

/// <summary>Names of versions: <c>{model}-v0.N</c>, or <c>v0.N</c> alone where the model is clear.</summary>
public static class ModelName
{
    /// <summary>Takes a version's name apart.</summary>
    /// <returns>The model and the short name, such as <c>popularity</c> and <c>v0.1</c>.</returns>
    /// <exception cref="ArgumentException">Not the name of a version.</exception>
    public static (string Model, string Short) Parse(string version)
    {
        var at = version.LastIndexOf("-v", StringComparison.Ordinal);
        return at > 0 && IsShort(version.AsSpan(at + 1))
            ? (version[..at], version[(at + 1)..])
            : throw new ArgumentException($"'{version}' is not the name of a version, such as 'popularity-v0.1'.");
    }

    private static bool IsShort(ReadOnlySpan<char> text)
        => text.StartsWith("v0.") && text.Length > 3 && !text[3..].ContainsAnyExceptInRange('0', '9') && text[3] != '0';
}
