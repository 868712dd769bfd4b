using Recs.Training.Popularity;
using Recs.Training.Reranking;

namespace Recs.Training.Tests.Reranking;

/// <summary>A movie as a test tells it.</summary>
internal sealed record Film(float Score, int[] Genres, PopularityClass Popularity = PopularityClass.Middle);

/// <summary>Movies whose dense id is their place.</summary>
internal sealed class Films(IReadOnlyList<Film> films) : IMovieTraits
{
    private readonly ulong[][] _genres = [.. films.Select(f =>
    {
        var bits = new ulong[2];
        foreach (var genre in f.Genres)
            bits[genre / 64] |= 1UL << (genre % 64);
        return bits;
    })];

    public int GenreWords => 2;
    public ReadOnlySpan<ulong> GenresOf(int movie) => _genres[movie];
    public PopularityClass PopularityOf(int movie) => films[movie].Popularity;

    /// <summary>The list that a re-ranker chooses out of all movies but those of the history, as dense ids.</summary>
    public int[] List(string name, double weight, int k, params int[] history)
    {
        var reranking = new ListReranking();
        return List(reranking, new(name, weight), k, history);
    }

    /// <summary>The same in memory that was used before.</summary>
    public int[] List(ListReranking reranking, RerankChoice choice, int k, params int[] history)
    {
        var order = Enumerable.Range(0, films.Count).Except(history).OrderByDescending(i => films[i].Score).ThenBy(i => i).Take(ListReranking.CandidatesFor(k)).ToArray();
        order.CopyTo(reranking.Movies(k));
        order.Select(i => films[i].Score).ToArray().CopyTo(reranking.Scores);
        var (movies, scores) = (new int[k], new float[k]);
        var count = reranking.Take(choice, order.Length, history, this, movies, scores);
        scores[..count].ShouldBe(movies[..count].Select(m => films[m].Score));
        return movies[..count];
    }
}
