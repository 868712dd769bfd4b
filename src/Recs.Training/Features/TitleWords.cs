namespace Recs.Training.Features;

/// <summary>The words of a title: runs of letters and digits in lower case, each once.</summary>
internal static class TitleWords
{
    /// <summary>Takes a title apart.</summary>
    public static IEnumerable<string> Of(string? title)
    {
        if (title is null)
            return [];
        var apart = string.Concat(title.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' '));
        return apart.Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal);
    }
}
