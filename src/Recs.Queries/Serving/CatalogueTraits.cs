using Recs.Queries.Catalogue;
using Recs.Queries.Models;
using Recs.Training.Popularity;
using Recs.Training.Reranking;

namespace Recs.Queries.Serving;

/// <summary>Genres from the catalogue, popularity from the model: both are fixed by what a slate records, so that a replay finds the same.</summary>
internal sealed class CatalogueTraits(LiveModel model, CatalogueState catalogue) : IMovieTraits
{
    public int GenreWords => catalogue.GenreWords;

    public ReadOnlySpan<ulong> GenresOf(int movie) => catalogue.GenreBitsOf(model.Numbers[movie]);

    public PopularityClass PopularityOf(int movie) => model.Popularity[movie];
}
