using Recs.Queries.Catalogue;

namespace Recs.Queries.Movies;

/// <summary>
/// How alike two movies are by what the catalogue says, for movies that no model knows: the share of genres that they have in common (Jaccard, Étude comparative
/// de la distribution florale, 1901) plus the share of title words, one weighing as much as the other. 0 to 2. Counts are divided once, so every node gets the same bits.
/// </summary>
internal static class Resemblance
{
    private const int ShortestWord = 3;
    private static readonly string[] Articles = ["the", "les", "der", "die", "das", "and", "los", "las", "una", "une"];

    /// <summary>The movies that are most like one, best first, those with nothing in common left out; equal ones in ordinal order of the id.</summary>
    public static IReadOnlyList<(Movie Movie, double Score)> Rank(Movie movie, IEnumerable<Movie> catalogue, int k)
    {
        var words = WordsOf(movie);
        var lookup = words.GetAlternateLookup<ReadOnlySpan<char>>();
        var best = new PriorityQueue<Movie, (double Score, string Id)>(Worst);
        foreach (var other in catalogue)
        {
            if (other.Id == movie.Id || Of(movie, words.Count, lookup, other) is not (> 0 and var score))
                continue;
            if (best.Count < k)
                best.Enqueue(other, (score, other.Id));
            else
                best.EnqueueDequeue(other, (score, other.Id));
        }
        var ranked = new (Movie, double)[best.Count];
        for (var place = ranked.Length - 1; best.TryDequeue(out var other, out var priority); place--)
            ranked[place] = (other, priority.Score);
        return ranked;
    }

    /// <summary>Genres in both.</summary>
    public static IReadOnlyList<string> SharedGenres(Movie movie, Movie other) => [.. movie.Genres.Intersect(other.Genres, StringComparer.Ordinal)];

    private static readonly Comparer<(double Score, string Id)> Worst = Comparer<(double Score, string Id)>.Create(
        (a, b) => a.Score.CompareTo(b.Score) is not 0 and var order ? order : string.CompareOrdinal(b.Id, a.Id));

    private static double Of(Movie movie, int words, HashSet<string>.AlternateLookup<ReadOnlySpan<char>> lookup, Movie other)
    {
        var genres = 0;
        foreach (var genre in other.Genres)
            if (movie.Genres.Contains(genre, StringComparer.Ordinal))
                genres++;
        var (shared, distinct) = (0, 0);
        foreach (var word in Words(other.Title))
        {
            distinct++;
            if (lookup.Contains(word))
                shared++;
        }
        // A word that a title repeats would count twice: bounded, so that a share stays a share.
        return Share(genres, movie.Genres.Count + other.Genres.Count - genres) + Share(Math.Min(shared, words), words + distinct - Math.Min(shared, words));
    }

    private static double Share(int shared, int union) => union == 0 ? 0 : shared / (double)union;

    private static HashSet<string> WordsOf(Movie movie)
    {
        var words = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var word in Words(movie.Title))
            words.Add(word.ToString());
        return words;
    }

    private static WordEnumerator Words(string title) => new(title);

    /// <summary>Runs of letters and digits that are long enough to mean something; allocates nothing.</summary>
    private ref struct WordEnumerator(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _left = text;

        public ReadOnlySpan<char> Current { get; private set; }

        public readonly WordEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            while (!_left.IsEmpty)
            {
                var end = 0;
                while (end < _left.Length && char.IsLetterOrDigit(_left[end]))
                    end++;
                Current = _left[..end];
                _left = _left[Math.Min(end + 1, _left.Length)..];
                if (Current.Length >= ShortestWord && !IsArticle(Current))
                    return true;
            }
            return false;
        }

        private static bool IsArticle(ReadOnlySpan<char> word)
        {
            foreach (var article in Articles)
                if (word.Equals(article, StringComparison.OrdinalIgnoreCase))
                    return true;
            return false;
        }
    }
}
