using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Numerics;

namespace Recs.Training.ItemKnn;

/// <summary>
/// The nearest movies of each movie, turned round for scoring: for each movie h of a history, the movies that have h among their nearest, ascending, with
/// their similarity. Equally near movies are taken by lower dense id. Memory grows with movies times neighbours, never with the square of the movies.
/// </summary>
internal sealed class NeighbourLists
{
    private const int RowsAtATime = 16;
    private const int Parts = 20; // of the rows, with a report of progress after each
    private readonly int[] _first;
    private readonly int[] _movie;
    private readonly float[] _similarity;

    private NeighbourLists(int[] first, int[] movie, float[] similarity) => (_first, _movie, _similarity) = (first, movie, similarity);

    /// <summary>Finds the nearest movies of every movie.</summary>
    /// <param name="movies">Number of movies.</param>
    /// <param name="most">Neighbours that are kept of each.</param>
    /// <param name="run">Threads, progress (from 0.1 to 0.95) and cancellation.</param>
    /// <param name="worker">
    /// Makes what one thread needs: given a movie and a place per movie, it writes the similarities of all movies to it, negative infinity where there is none, the movie itself included.
    /// </param>
    public static NeighbourLists Find(int movies, int most, FitRun run, Func<Action<int, float[]>> worker)
    {
        var nearest = new (int[] Movies, float[] Similarities)[movies];
        var jobs = (movies + RowsAtATime - 1) / RowsAtATime;
        for (var part = 0; part < Parts; part++)
        {
            run.Report("neighbours", 0.1 + (0.85 * part / Parts));
            var (from, to) = ((int)((long)jobs * part / Parts), (int)((long)jobs * (part + 1) / Parts));
            Workers.Run(run.Compute.Threads, to - from, job =>
            {
                run.Cancel.ThrowIfCancellationRequested();
                var (similarities, near) = (worker(), new float[movies]);
                var (found, best) = (new int[Math.Min(most, movies)], new float[Math.Min(most, movies)]);
                for (var movie = (from + job) * RowsAtATime; movie < Math.Min((from + job + 1) * RowsAtATime, movies); movie++)
                {
                    similarities(movie, near);
                    var count = TopK.Select(near, found, best);
                    nearest[movie] = (found[..count], best[..count]);
                }
            });
        }

        return TurnRound(nearest);
    }

    /// <summary>Freezes the lists in an artifact.</summary>
    public void AddTo(Artifact artifact) => artifact
        .Add("neighbour-first", (ReadOnlySpan<int>)_first)
        .Add("neighbour", (ReadOnlySpan<int>)_movie)
        .Add("similarity", (ReadOnlySpan<float>)_similarity);

    /// <summary>Reads what <see cref="AddTo"/> wrote.</summary>
    /// <exception cref="DamagedArtifactException">The sections do not fit together.</exception>
    public static NeighbourLists Read(ArtifactFiles files, int movies)
    {
        var read = new NeighbourLists(files.Section<int>("neighbour-first").ToArray(), files.Section<int>("neighbour").ToArray(), files.Section<float>("similarity").ToArray());
        return read._first.Length == movies + 1 && read._movie.Length == read._first[^1] && read._similarity.Length == read._first[^1]
            ? read
            : throw new DamagedArtifactException(files.Path, $"{read._first.Length} places, {read._movie.Length} neighbours and {read._similarity.Length} similarities for {movies} movies");
    }

    /// <summary>The movies that have a movie among their nearest, ascending.</summary>
    public ReadOnlySpan<int> NearTo(int movie) => _movie.AsSpan(_first[movie], _first[movie + 1] - _first[movie]);

    /// <summary>Their similarities, a column beside <see cref="NearTo"/>.</summary>
    public ReadOnlySpan<float> SimilaritiesTo(int movie) => _similarity.AsSpan(_first[movie], _first[movie + 1] - _first[movie]);

    /// <summary>The similarity of a movie to one of a history, if that one is among its nearest; else 0.</summary>
    public float Similarity(int movie, int ofHistory)
    {
        var found = NearTo(ofHistory).BinarySearch(movie);
        return found >= 0 ? _similarity[_first[ofHistory] + found] : 0;
    }

    private static NeighbourLists TurnRound((int[] Movies, float[] Similarities)[] nearest)
    {
        var first = new int[nearest.Length + 1];
        foreach (var (neighbours, _) in nearest)
            foreach (var neighbour in neighbours)
                first[neighbour + 1]++;
        for (var movie = 0; movie < nearest.Length; movie++)
            first[movie + 1] = checked(first[movie] + first[movie + 1]);
        var next = first.AsSpan(0, nearest.Length).ToArray();
        var (movies, similarities) = (new int[first[^1]], new float[first[^1]]);
        for (var movie = 0; movie < nearest.Length; movie++)
            for (var i = 0; i < nearest[movie].Movies.Length; i++)
            {
                var place = next[nearest[movie].Movies[i]]++;
                (movies[place], similarities[place]) = (movie, nearest[movie].Similarities[i]);
            }

        return new(first, movies, similarities);
    }
}
