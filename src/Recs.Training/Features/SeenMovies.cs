using Recs.Training.Snapshots;

namespace Recs.Training.Features;

/// <summary>The movies of a data set, and which of them are in a history: those have a row of their own, and a softmax may take them for "not chosen".</summary>
/// <param name="Movies">What the catalogue says of each movie of the data set.</param>
/// <param name="Row">Own row of each movie of the data set; -1 for one that nobody has seen.</param>
internal sealed record SeenMovies(CatalogueMovie[] Movies, int[] Row)
{
    /// <summary>Number of movies that somebody has seen.</summary>
    public int Count { get; private init; }

    /// <summary>What the catalogue says of them, in the order of the rows.</summary>
    public IEnumerable<CatalogueMovie> Seen => Movies.Where((_, movie) => Row[movie] >= 0);

    /// <summary>Looks for them.</summary>
    public static SeenMovies Of(InteractionSet data, Histories histories)
    {
        var row = new int[data.Movies.Count];
        foreach (var movie in histories.All)
            row[movie] = 1;
        var count = 0;
        for (var movie = 0; movie < row.Length; movie++)
            row[movie] = row[movie] == 1 ? count++ : -1;
        return new([.. Enumerable.Range(0, row.Length).Select(movie => Describe(data, movie))], row) { Count = count };
    }

    /// <summary>The rows of the movies that somebody has seen.</summary>
    public MovieRows SeenRows(MovieFeatures features)
    {
        var rows = new MovieRows(Count);
        for (var movie = 0; movie < Row.Length; movie++)
            if (Row[movie] >= 0)
                rows.Add(Movies[movie], features, Row[movie]);
        return rows;
    }

    /// <summary>The rows of all movies.</summary>
    public MovieRows AllRows(MovieFeatures features)
    {
        var rows = new MovieRows(Row.Length);
        for (var movie = 0; movie < Row.Length; movie++)
            rows.Add(Movies[movie], features, Row[movie]);
        return rows;
    }

    private static CatalogueMovie Describe(InteractionSet data, int movie)
        => new(data.Movies[movie], data.Titles[movie], [.. data.Genres.Of(movie).ToArray().Select(genre => data.Genres.Names[genre])]);
}
