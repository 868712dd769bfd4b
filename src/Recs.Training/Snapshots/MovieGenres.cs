namespace Recs.Training.Snapshots;

/// <summary>The genres of a data set's movies as the catalogue had them at one position of the log. Immutable.</summary>
public sealed class MovieGenres
{
    private readonly int[] _first;
    private readonly int[] _genre;

    private MovieGenres(string[] names, int[] first, int[] genre) => (Names, _first, _genre) = (names, first, genre);

    /// <summary>Every genre that a movie of the data set has, in ordinal order; a genre's number is its place here.</summary>
    public IReadOnlyList<string> Names { get; }
    /// <summary>Number of movies, those without a genre included.</summary>
    public int Movies => _first.Length - 1;
    /// <summary>A movie's genres, ascending, each once.</summary>
    public ReadOnlySpan<int> Of(int movie) => _genre.AsSpan(_first[movie], _first[movie + 1] - _first[movie]);
    /// <summary>Place of each movie's first genre in <see cref="All"/>, and behind the last movie the length of <see cref="All"/>.</summary>
    public ReadOnlySpan<int> First => _first;
    /// <summary>The genres of all movies, one movie after the other.</summary>
    public ReadOnlySpan<int> All => _genre;

    /// <summary>No movie has a genre.</summary>
    public static MovieGenres None(int movies) => new([], new int[movies + 1], []);

    /// <summary>The genres that a catalogue gives to a data set's movies.</summary>
    /// <param name="movies">Movies of the data set.</param>
    /// <param name="catalogue">Movies with their genre names in any order; of a movie that occurs more than once the last entry counts, others than those of the data set do not.</param>
    public static MovieGenres Of(IdMap movies, IEnumerable<(string MovieId, IReadOnlyList<string> Genres)> catalogue)
    {
        var named = new IReadOnlyList<string>[movies.Count];
        Array.Fill(named, []);
        foreach (var (id, genres) in catalogue)
            if (movies.Find(id) is >= 0 and var movie)
                named[movie] = genres;
        var map = IdMap.Of(named.SelectMany(n => n).Distinct(StringComparer.Ordinal));
        var first = new int[movies.Count + 1];
        var all = new List<int>();
        for (var movie = 0; movie < named.Length; movie++)
        {
            all.AddRange(named[movie].Select(map.Find).Distinct().Order());
            first[movie + 1] = all.Count;
        }

        return new([.. map.Ids], first, [.. all]);
    }

    /// <summary>The same genres over a part of the movies.</summary>
    /// <param name="from">The movies of this instance.</param>
    /// <param name="to">The movies wanted.</param>
    public MovieGenres Over(IdMap from, IdMap to)
        => Of(to, to.Ids.Select(id => (id, (IReadOnlyList<string>)[.. Of(from.Find(id)).ToArray().Select(genre => Names[genre])])));
}
