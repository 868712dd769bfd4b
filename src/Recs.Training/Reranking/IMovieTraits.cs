using Recs.Training.Popularity;

namespace Recs.Training.Reranking;

/// <summary>What re-rankers ask about the movies of a model.</summary>
public interface IMovieTraits
{
    /// <summary>Words of 64 bits in a movie's set of genres.</summary>
    int GenreWords { get; }

    /// <summary>A movie's genres: bit g % 64 of word g / 64 belongs to genre g; no bit is set for a movie without genres or of which nothing is known.</summary>
    /// <param name="movie">Dense id.</param>
    /// <returns><see cref="GenreWords"/> words.</returns>
    ReadOnlySpan<ulong> GenresOf(int movie);

    /// <summary>How popular a movie is.</summary>
    /// <param name="movie">Dense id.</param>
    PopularityClass PopularityOf(int movie);
}
