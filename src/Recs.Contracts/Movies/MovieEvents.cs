namespace Recs.Contracts.Movies;

/// <summary>A movie entered the catalogue. Stream <c>movie-{MovieId}</c>.</summary>
/// <param name="MovieId">Text id as the outside world spells it.</param>
/// <param name="Title">Title without the year.</param>
/// <param name="Year">Year of release, if known.</param>
/// <param name="Genres">Genre names, in the source's order; empty if none is known.</param>
/// <param name="Adult">For adults only.</param>
/// <param name="RuntimeMinutes">Length in minutes, if known.</param>
/// <param name="Languages">ISO 639-1 codes, if known.</param>
/// <param name="Inferred">Made from the id alone, because an event named a movie that nobody had added.</param>
public sealed record MovieAdded(
    string MovieId, string Title, int? Year, IReadOnlyList<string> Genres, bool Adult = false,
    int? RuntimeMinutes = null, IReadOnlyList<string>? Languages = null, bool Inferred = false);

/// <summary>What is known about a movie changed; the fields replace the former ones. Stream <c>movie-{MovieId}</c>.</summary>
public sealed record MovieChanged(
    string MovieId, string Title, int? Year, IReadOnlyList<string> Genres, bool Adult = false,
    int? RuntimeMinutes = null, IReadOnlyList<string>? Languages = null, bool Inferred = false);
