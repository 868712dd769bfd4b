namespace Recs.Training.TwoTower;

/// <summary>The words of a title: runs of letters and digits in lower case, each once.</summary>
internal static class TitleWords
{
    /// <summary>Takes a title apart.</summary>
    public static IEnumerable<string> Of(string? title)
    {
        if (title is null)
            return [];
        var words = new List<string>();
        for (var from = 0; from < title.Length; from++)
        {
            var to = from;
            while (to < title.Length && char.IsLetterOrDigit(title[to]))
                to++;
            if (to > from && title[from..to].ToLowerInvariant() is var word && !words.Contains(word, StringComparer.Ordinal))
                words.Add(word);
            from = to;
        }

        return words;
    }
}
