using Recs.Training.Artifacts;
using Recs.Training.Neural;
using Recs.Training.Popularity;
using Recs.Training.Scoring;
using Recs.Training.Snapshots;

namespace Recs.Training.Features;

/// <summary>The movies that a scorer scores.</summary>
/// <param name="Movies">Ids.</param>
/// <param name="Rows">Their rows in the network's table.</param>
/// <param name="ColdStart">Answer to people of whom the network knows nothing, over the movies that the model was fitted with.</param>
/// <param name="Place">Where each of those stands among <paramref name="Movies"/>; null if they are the same.</param>
internal sealed record ScoredMovies(IdMap Movies, MovieRows Rows, ColdStart ColdStart, int[]? Place = null)
{
    /// <summary>The movies that a model was fitted with.</summary>
    public static ScoredMovies OfFit(ArtifactFiles files, IdMap movies, MovieRows rows) => new(movies, rows, ColdStart.Read(files, movies.Count));
}

/// <summary>
/// Scores by a network that describes a movie by its features beside a row of its own: one that came after the training can be scored, and be part of a history. It holds no file:
/// the parameters were copied when it was opened.
/// </summary>
/// <param name="movies">Movies.</param>
/// <param name="features">Rows of their features.</param>
internal abstract class FeaturedScorer(ScoredMovies movies, MovieFeatures features) : NetworkScorer(movies.Movies, movies.ColdStart, movies.Place), ICatalogueScorer
{
    /// <inheritdoc />
    public override bool Personalizes(in UserState user) => !user.Movies.IsEmpty;

    /// <summary>Adds the movies that the model does not know and of which the catalogue says something that it does.</summary>
    public ICatalogueScorer Over(IEnumerable<CatalogueMovie> catalogue)
        => movies.Rows.Over(Movies, catalogue, features) is var (all, rows) ? Over(new ScoredMovies(all, rows, ColdStart, PlacesIn(all))) : this;

    /// <summary>The same model over other movies.</summary>
    protected abstract FeaturedScorer Over(ScoredMovies wider);
}
