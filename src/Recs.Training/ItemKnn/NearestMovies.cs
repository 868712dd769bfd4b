using Recs.Training.Artifacts;
using Recs.Training.Fitting;
using Recs.Training.Numerics;
using Recs.Training.Snapshots;

namespace Recs.Training.ItemKnn;

/// <summary>
/// The nearest movies of each movie, turned round for scoring: for each movie h of a history, the movies that have h among their nearest, ascending, with
/// their similarity. Equally near movies are taken by lower dense id.
/// </summary>
internal sealed class NearestMovies
{
    private const int RowsAtATime = 16;
    private readonly int[] _first;
    private readonly int[] _movie;
    private readonly float[] _similarity;

    private NearestMovies(int[] first, int[] movie, float[] similarity) => (_first, _movie, _similarity) = (first, movie, similarity);

    /// <summary>Finds the nearest movies of every movie.</summary>
    /// <param name="histories">Every person's history.</param>
    /// <param name="movies">Number of movies.</param>
    /// <param name="most">Neighbours that are kept of each.</param>
    /// <param name="shrinkage">See <see cref="ItemKnnRecommender"/>.</param>
    /// <param name="run">Threads and cancellation.</param>
    public static NearestMovies Of(Histories histories, int movies, int most, double shrinkage, FitRun run)
    {
        var pairs = new CoOccurrences(histories, [.. Enumerable.Range(0, movies)], movies);
        var inverseNorm = new double[movies];
        for (var movie = 0; movie < movies; movie++)
            inverseNorm[movie] = 1 / Math.Sqrt(pairs.People(movie));
        var found = new int[movies];
        var nearest = new int[movies * (long)most];
        var similarity = new float[movies * (long)most];
        Workers.Run(run.Compute.Threads, (movies + RowsAtATime - 1) / RowsAtATime, job =>
        {
            run.Cancel.ThrowIfCancellationRequested();
            var counts = new int[movies];
            var near = new float[movies];
            for (var movie = job * RowsAtATime; movie < Math.Min((job + 1) * RowsAtATime, movies); movie++)
            {
                pairs.CountRow(movie, counts);
                counts[movie] = 0; // a movie is not its own neighbour
                Similarities(counts, inverseNorm, inverseNorm[movie], shrinkage, near);
                found[movie] = TopK.Select(near, nearest.AsSpan(movie * most, most), similarity.AsSpan(movie * most, most));
            }
        });
        return TurnRound(found, nearest, similarity, most);
    }

    /// <summary>Freezes the lists in an artifact.</summary>
    public void AddTo(Artifact artifact) => artifact
        .Add("neighbour-first", (ReadOnlySpan<int>)_first)
        .Add("neighbour", (ReadOnlySpan<int>)_movie)
        .Add("similarity", (ReadOnlySpan<float>)_similarity);

    private static void Similarities(int[] counts, double[] inverseNorm, double own, double shrinkage, float[] near)
    {
        for (var other = 0; other < counts.Length; other++)
        {
            double both = counts[other];
            near[other] = both == 0 ? float.NegativeInfinity : (float)(both * own * inverseNorm[other] * (both / (both + shrinkage)));
        }
    }

    private static NearestMovies TurnRound(int[] found, int[] nearest, float[] similarity, int most)
    {
        var first = new int[found.Length + 1];
        for (var movie = 0; movie < found.Length; movie++)
            foreach (var neighbour in nearest.AsSpan(movie * most, found[movie]))
                first[neighbour + 1]++;
        for (var movie = 0; movie < found.Length; movie++)
            first[movie + 1] += first[movie];
        var next = first.AsSpan(0, found.Length).ToArray();
        var (movies, similarities) = (new int[first[^1]], new float[first[^1]]);
        for (var movie = 0; movie < found.Length; movie++)
            for (var i = movie * most; i < (movie * most) + found[movie]; i++)
            {
                var place = next[nearest[i]]++;
                (movies[place], similarities[place]) = (movie, similarity[i]);
            }

        return new(first, movies, similarities);
    }
}
