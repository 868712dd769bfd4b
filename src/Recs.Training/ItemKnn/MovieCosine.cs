using Recs.Training.Snapshots;

namespace Recs.Training.ItemKnn;

/// <summary>How near movies are by the people who have them (<see cref="ItemKnnRecommender"/>).</summary>
internal sealed class MovieCosine
{
    private readonly CoOccurrences _pairs;
    private readonly double[] _inverseNorm;
    private readonly double _shrinkage;

    /// <summary>Counts who has each movie.</summary>
    /// <param name="histories">Every person's history.</param>
    /// <param name="movies">Number of movies.</param>
    /// <param name="shrinkage">People who must have both movies for half of the cosine to count.</param>
    public MovieCosine(Histories histories, int movies, double shrinkage)
    {
        _pairs = new(histories, [.. Enumerable.Range(0, movies)], movies);
        _shrinkage = shrinkage;
        _inverseNorm = new double[movies];
        for (var movie = 0; movie < movies; movie++)
            _inverseNorm[movie] = 1 / Math.Sqrt(_pairs.People(movie));
    }

    /// <summary>See <see cref="NeighbourLists.Find"/>.</summary>
    public Action<int, float[]> Worker()
    {
        var counts = new int[_pairs.Rows];
        return (movie, near) =>
        {
            _pairs.CountRow(movie, counts);
            counts[movie] = 0; // a movie is not its own neighbour
            var own = _inverseNorm[movie];
            for (var other = 0; other < counts.Length; other++)
            {
                double both = counts[other];
                near[other] = both == 0 ? float.NegativeInfinity : (float)(both * own * _inverseNorm[other] * (both / (both + _shrinkage)));
            }
        };
    }
}
