using Recs.Training.Fitting;

namespace Recs.Training.Popularity;

/// <summary>
/// The movies that have a row and a column in a linear model. The cost of a fit grows with the cube of their number, and a movie that hardly
/// anyone has seen teaches nothing, so only the most popular are modelled; the others keep their place in a history and score 0.
/// </summary>
internal static class ModelledMovies
{
    /// <summary>How many movies are modelled.</summary>
    public static readonly OptionDescription Option = new(
        "movies", "most popular movies that are modelled; time grows with the cube, memory with the square", 1, 20_000, 5_000, "all of MovieLens 1M, and 200 MiB at most", Whole: true)
    {
        IsTuned = false,
    };

    /// <summary>Dense ids of the modelled movies, ascending; among equally popular ones the lower id comes first.</summary>
    public static int[] Choose(ReadOnlySpan<int> popularity, int most)
    {
        var counts = popularity.ToArray();
        var movies = Enumerable.Range(0, counts.Length).ToArray();
        if (movies.Length <= most)
            return movies;
        Array.Sort(movies, (a, b) => counts[a] != counts[b] ? counts[b].CompareTo(counts[a]) : a.CompareTo(b));
        var chosen = movies.AsSpan(0, most).ToArray();
        Array.Sort(chosen);
        return chosen;
    }

    /// <summary>The row of each movie, or -1 where it is not modelled.</summary>
    public static int[] Rows(ReadOnlySpan<int> modelled, int movies)
    {
        var rows = new int[movies];
        Array.Fill(rows, -1);
        for (var row = 0; row < modelled.Length; row++)
            rows[modelled[row]] = row;
        return rows;
    }
}
