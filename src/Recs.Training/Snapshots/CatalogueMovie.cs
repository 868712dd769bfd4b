namespace Recs.Training.Snapshots;

/// <summary>What the catalogue says of a movie.</summary>
/// <param name="MovieId">Text id.</param>
/// <param name="Title">Title and year.</param>
/// <param name="Genres">Genre names.</param>
public readonly record struct CatalogueMovie(string MovieId, MovieTitle Title, IReadOnlyList<string> Genres);
