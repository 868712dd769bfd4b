namespace Recs.Contracts;

/// <summary>Files that are part of this assembly.</summary>
internal static class EmbeddedText
{
    /// <summary>The text of one, by its logical name.</summary>
    /// <exception cref="InvalidOperationException">It was not built in.</exception>
    public static string Read(string name)
    {
        using var stream = typeof(EmbeddedText).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"'{name}' is missing from the assembly {typeof(EmbeddedText).Assembly.GetName().Name}: it was built without it.");
        using var text = new StreamReader(stream);
        return text.ReadToEnd();
    }
}
