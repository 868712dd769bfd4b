using Recs.Training.Snapshots;

namespace Recs.Training.Scoring;

/// <summary>A scorer that needs no rating of a movie, only what the catalogue says of it: movies that came after the training can be recommended, and be part of a history.</summary>
public interface ICatalogueScorer : IScorer
{
    /// <summary>
    /// The same model over more movies. Pure: the same artifact and the same movies give the same scorer to the bit, in whatever order they come. The scores of the movies that it knew stay
    /// as they were, for the same history.
    /// </summary>
    /// <param name="movies">Movies of the catalogue; those that the model was fitted with stay what they were then.</param>
    /// <returns>A scorer of its own, to be disposed apart from this one; this one itself if no movie is new.</returns>
    ICatalogueScorer Over(IEnumerable<CatalogueMovie> movies);
}
