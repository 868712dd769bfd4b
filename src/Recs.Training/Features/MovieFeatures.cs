using Recs.Training.Artifacts;
using Recs.Training.Neural;
using Recs.Training.Snapshots;

namespace Recs.Training.Features;

/// <summary>
/// The rows of a table that stand for what the catalogue says of a movie: one per genre, one per five years, one per word that enough titles have. So a movie that nobody has rated yet
/// is a sum of rows that others have taught.
/// </summary>
internal sealed class MovieFeatures
{
    private const string GenresSection = "genre-names", WordsSection = "words", YearsSection = "years";
    private const int YearsPerRow = 5;

    private readonly string[] _genres;
    private readonly string[] _words;
    private readonly int _firstYear;
    private readonly int _lastYear;

    private MovieFeatures(string[] genres, string[] words, int firstYear, int lastYear) => (_genres, _words, _firstYear, _lastYear) = (genres, words, firstYear, lastYear);

    /// <summary>Rows of the table.</summary>
    public int Rows => _genres.Length + 1 + YearRows + _words.Length;

    private int YearRows => _lastYear < _firstYear ? 0 : ((_lastYear - _firstYear + YearsPerRow - 1) / YearsPerRow) + 1;

    /// <summary>The features that the movies of a data set have.</summary>
    /// <param name="movies">What the catalogue says of the movies that somebody has seen.</param>
    /// <param name="leastMovies">A word of fewer titles says nothing of another movie and is left out.</param>
    public static MovieFeatures Of(IReadOnlyCollection<CatalogueMovie> movies, int leastMovies)
    {
        string[] genres = [.. movies.SelectMany(m => m.Genres).Where(IsName).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        string[] words = [.. movies.SelectMany(m => TitleWords.Of(m.Title.Title)).GroupBy(word => word, StringComparer.Ordinal)
            .Where(group => group.Count() >= leastMovies).Select(group => group.Key).Order(StringComparer.Ordinal)];
        var years = movies.Where(m => m.Title.Year is not null).Select(m => m.Title.Year!.Value).DefaultIfEmpty(1).ToList();
        return new(genres, words, movies.Any(m => m.Title.Year is not null) ? years.Min() : 1, movies.Any(m => m.Title.Year is not null) ? years.Max() : 0);
    }

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <exception cref="DamagedArtifactException">Not a first and a last year.</exception>
    public static MovieFeatures Read(ArtifactFiles files)
        => files.Section<int>(YearsSection) is [var first, var last]
            ? new(files.Ids(GenresSection), files.Ids(WordsSection), first, last)
            : throw new DamagedArtifactException(files.Path, $"section '{YearsSection}' is not a first and a last year");

    /// <summary>Freezes the features in an artifact.</summary>
    public void AddTo(Artifact artifact) => artifact.Add(GenresSection, _genres).Add(WordsSection, _words).Add(YearsSection, (ReadOnlySpan<int>)[_firstYear, _lastYear]);

    /// <summary>Adds a movie as a row of bags: the mean of its genres, its year between the two rows next to it, and its words, together as long as one.</summary>
    public void AddRow(CatalogueMovie movie, BagEntries to)
    {
        var genres = movie.Genres.Select(genre => Array.BinarySearch(_genres, genre, StringComparer.Ordinal)).Where(row => row >= 0).Distinct().ToList();
        foreach (var row in genres)
            to.Add(row, 1f / genres.Count);
        AddYear(movie.Title.Year, _genres.Length, to);
        var words = TitleWords.Of(movie.Title.Title).Select(word => Array.BinarySearch(_words, word, StringComparer.Ordinal)).Where(row => row >= 0).ToList();
        foreach (var row in words)
            to.Add(_genres.Length + 1 + YearRows + row, 1 / MathF.Sqrt(words.Count));
        to.EndRow();
    }

    /// <summary>Whether anything that it knows is said of a movie: one of which nothing is known but the id cannot be told from any other.</summary>
    public bool Describe(CatalogueMovie movie)
        => (movie.Title.Year is not null && YearRows > 0)
            || movie.Genres.Any(genre => Array.BinarySearch(_genres, genre, StringComparer.Ordinal) >= 0)
            || TitleWords.Of(movie.Title.Title).Any(word => Array.BinarySearch(_words, word, StringComparer.Ordinal) >= 0);

    /// <summary>A year outside those that were learned counts as the nearest of them; one that is not known has a row of its own.</summary>
    private void AddYear(int? year, int first, BagEntries to)
    {
        if (year is not { } known || YearRows == 0)
        {
            to.Add(first, 1);
            return;
        }

        var years = Math.Clamp(known, _firstYear, _lastYear) - _firstYear;
        var (row, rest) = Math.DivRem(years, YearsPerRow);
        to.Add(first + 1 + row, 1 - (rest / (float)YearsPerRow));
        if (rest > 0)
            to.Add(first + 2 + row, rest / (float)YearsPerRow);
    }

    private static bool IsName(string genre) => genre.Length > 0 && !genre.Contains('\n', StringComparison.Ordinal);
}
