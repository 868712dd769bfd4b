using System.Diagnostics;
using Recs.Training.Numerics;
using Recs.Training.Popularity;
using Recs.Training.Reranking;
using Recs.Training.Scoring;

namespace Recs.Benchmarks.Serving;

/// <summary>
/// What choosing the longest slate (100 of 500 candidates) costs on one thread with each re-ranker, beside the best 100 by score alone: the 95th percentile over made-up
/// people with histories of 200 movies, in a catalogue of the size of MovieLens 1M, each person's list timed as the quickest of five, so that what else the machine does
/// is left out.
/// </summary>
internal static class RerankBenchmark
{
    private const int Movies = 3706, Genres = 18, History = 200, People = 500, WarmUp = 100, Times = 5;

    public static Task<IReadOnlyList<BenchmarkRow>> RunAsync(BenchmarkServer bench, CancellationToken cancel)
        => Task.Run<IReadOnlyList<BenchmarkRow>>(() => [.. Rows(cancel)], cancel);

    private static IEnumerable<BenchmarkRow> Rows(CancellationToken cancel)
    {
        var catalogue = new Catalogue();
        foreach (var name in Rerankers.Names)
        {
            cancel.ThrowIfCancellationRequested();
            var (plain, chosen) = (Measure(catalogue, null), Measure(catalogue, new(name, 0.5)));
            yield return new("rerank." + name, At(chosen, 0.95), "ms", "the best 100 by score alone", At(plain, 0.95), At(chosen, 0.5), At(chosen, 0.99));
        }
    }

    private static double[] Measure(Catalogue catalogue, RerankChoice? choice)
    {
        var (reranking, scores, movies, best) = (new ListReranking(), new float[Movies], new int[ListReranking.LongestList], new float[ListReranking.LongestList]);
        var milliseconds = new double[People];
        for (var person = -WarmUp; person < People; person++)
        {
            var history = catalogue.Score((ulong)(person + WarmUp), scores);
            var quickest = double.PositiveInfinity;
            for (var time = 0; time < Times; time++)
            {
                var started = Stopwatch.GetTimestamp();
                if (choice is null)
                    SlateRanking.TopK(scores, movies, best);
                else
                    reranking.Take(choice, SlateRanking.TopK(scores, reranking.Movies(movies.Length), reranking.Scores), history, catalogue, movies, best);
                quickest = Math.Min(quickest, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            if (person >= 0)
                milliseconds[person] = quickest;
        }

        Array.Sort(milliseconds);
        return milliseconds;
    }

    private static double At(double[] sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Length) - 1];

    /// <summary>Movies of one to three genres.</summary>
    private sealed class Catalogue : IMovieTraits
    {
        private readonly CounterRandom _random = new(1, 1);
        private readonly ulong[] _genres = new ulong[Movies];

        public Catalogue()
        {
            for (var movie = 0; movie < Movies; movie++)
                for (var genre = 0; genre <= movie % 3; genre++)
                    _genres[movie] |= 1UL << _random.Below(Genres, (ulong)((movie * 3) + genre));
        }

        public int GenreWords => 1;

        public ReadOnlySpan<ulong> GenresOf(int movie) => _genres.AsSpan(movie, 1);

        public PopularityClass PopularityOf(int movie) => (PopularityClass)(movie % PopularityClasses.Count);

        /// <summary>Somebody's scores.</summary>
        /// <returns>Their history.</returns>
        public int[] Score(ulong person, Span<float> scores)
        {
            var random = new CounterRandom(person, 2);
            for (var movie = 0; movie < Movies; movie++)
                scores[movie] = random.Below(1_000_000, (ulong)movie);
            var history = new int[History];
            for (var i = 0; i < history.Length; i++)
                history[i] = random.Below(Movies, (ulong)(Movies + i));
            return history;
        }
    }
}
