namespace Recs.Commands.Importing.Formats;

/// <summary>Text fields of catalogues and persons.</summary>
internal static class TextFields
{
    public const int MaxTitle = 1000;
    public const int MaxOther = 100;

    /// <summary>Neither empty nor too long nor with control characters, which no title has and which PostgreSQL partly refuses.</summary>
    public static bool IsClean(ReadOnlySpan<char> text, int maxLength)
    {
        if (text.IsWhiteSpace() || text.Length > maxLength) return false;
        foreach (var c in text)
            if (char.IsControl(c)) return false;
        return true;
    }

    /// <summary>Parts <c>Heat (1995)</c> into title and year.</summary>
    public static (string Title, int? Year) SplitYear(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed.Length > 6 && trimmed[^1] == ')' && trimmed[^6] == '(' && !trimmed[^5..^1].ContainsAnyExceptInRange('0', '9'))
            return (trimmed[..^6].TrimEnd().ToString(), int.Parse(trimmed[^5..^1]));
        return (trimmed.ToString(), null);
    }
}
