using Recs.Training.Evaluating.Figures;
using Recs.Training.Popularity;
using Recs.Training.Reranking;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Evaluating.Ranking;

/// <summary>What re-rankers ask about the movies of a data set: genres from the snapshot, popularity from the model, as at serving.</summary>
internal sealed class TrainTraits(MovieGenres genres, IScorer scorer) : IMovieTraits
{
    private readonly GenreMasks _genres = new(genres);
    private readonly PopularityClass[] _popularity = PopularityClasses.Of(scorer);

    public int GenreWords => _genres.Words;

    public ReadOnlySpan<ulong> GenresOf(int movie) => _genres.Of(movie);

    public PopularityClass PopularityOf(int movie) => _popularity[movie];
}
