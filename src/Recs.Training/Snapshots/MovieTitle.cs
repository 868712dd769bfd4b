namespace Recs.Training.Snapshots;

/// <summary>What the catalogue calls a movie.</summary>
/// <param name="Title">Title without the year; null for a movie that nobody has added.</param>
/// <param name="Year">Year of release, if known.</param>
public readonly record struct MovieTitle(string? Title, int? Year)
{
    /// <summary>The titles that a catalogue gives to a data set's movies, by dense movie id.</summary>
    /// <param name="movies">Movies of the data set.</param>
    /// <param name="catalogue">Movies in any order; of one that occurs more than once the last entry counts, others than those of the data set do not.</param>
    public static MovieTitle[] Of(IdMap movies, IEnumerable<(string MovieId, MovieTitle Title)> catalogue)
    {
        var titles = new MovieTitle[movies.Count];
        foreach (var (id, title) in catalogue)
            if (movies.Find(id) is >= 0 and var movie)
                titles[movie] = title;
        return titles;
    }
}
