namespace Recs.Benchmarks.Searching;

/// <summary>What people type who look for a title, well and badly.</summary>
internal static class TypedQueries
{
    private const int OfEachKind = 150;

    /// <summary>Queries by kind, the same in every run: the query string of <c>GET /movies</c>.</summary>
    public static IReadOnlyList<(string Kind, string Query)> Make(string[] titles)
    {
        var random = new Random(7);
        var kinds = new (string Kind, Func<string, string> Type)[]
        {
            ("title", title => Q(title)),
            ("beginning", title => Q(title[..Math.Min(title.Length, random.Next(2, 9))])),
            ("one letter", _ => Q(((char)('a' + random.Next(26))).ToString())),
            ("one word", title => Q(Word(random, title))),
            ("words in another order", title => Q(string.Join(' ', title.Split(' ').Reverse()))),
            ("letters swapped", title => Q(Swap(random, title))),
            ("letter missing", title => Q(Remove(random, title))),
            ("letter wrong", title => Q(Replace(random, title))),
            ("accents", title => Q(title.Replace('a', 'á').Replace('u', 'ü'))),
            ("other alphabet", _ => Q("Сталкер " + random.Next(100))),
            ("nonsense", _ => Q(string.Concat(Enumerable.Range(0, 12).Select(_ => (char)('a' + random.Next(26)))))),
            ("common words", _ => Q(random.Next(3) switch { 0 => "the", 1 => "of the", _ => "love story" })),
            ("long", title => Q($"{title} {titles[random.Next(titles.Length)]} {titles[random.Next(titles.Length)]}"[..Math.Min(100, title.Length + 2)])),
            ("nothing", _ => $"?skip={random.Next(0, 5) * 20}"),
            ("genre and year", _ => $"?genre=Crime&year={random.Next(1930, 2000)}-{random.Next(2000, 2026)}"),
            ("beginning of a genre", title => Q(title[..1]) + "&genre=Horror"),
        };
        return [.. kinds.SelectMany(kind => Enumerable.Range(0, OfEachKind).Select(_ => (kind.Kind, kind.Type(titles[random.Next(titles.Length)])))).OrderBy(_ => random.Next())];
    }

    private static string Q(string typed) => "?q=" + Uri.EscapeDataString(typed);

    private static string Word(Random random, string title) => title.Split(' ') is var words ? words[random.Next(words.Length)] : title;

    private static string Swap(Random random, string title)
    {
        var at = random.Next(0, title.Length - 1);
        return title[..at] + title[at + 1] + title[at] + title[(at + 2)..];
    }

    private static string Remove(Random random, string title) => title.Remove(random.Next(title.Length), 1);

    private static string Replace(Random random, string title)
    {
        var at = random.Next(title.Length);
        return title[..at] + (char)('a' + random.Next(26)) + title[(at + 1)..];
    }
}
