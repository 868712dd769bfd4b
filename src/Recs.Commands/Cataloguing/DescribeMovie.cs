using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Recs.Commands.Importing.Formats;
using Recs.Commands.Recording;
using Recs.Commands.Watching;
using Recs.Contracts;
using Recs.Contracts.Movies;

namespace Recs.Commands.Cataloguing;

/// <summary>Say what is known about a movie. It replaces what was known; a field that is left out is not known.</summary>
/// <param name="MovieId">Text id as the outside world spells it.</param>
/// <param name="Title">Title without the year.</param>
/// <param name="Year">Year of release, 1870 to 2100.</param>
/// <param name="Genres">Up to 32 genre names, each once.</param>
/// <param name="Adult">For adults only.</param>
/// <param name="RuntimeMinutes">Length, 1 to 1,440 minutes.</param>
/// <param name="Languages">Up to 32 ISO 639-1 codes, each once.</param>
/// <param name="ExpectedVersion">Version that the movie's stream must be at; any if left out.</param>
public sealed record DescribeMovie(
    [property: JsonConverter(typeof(IdConverter)), Required] string? MovieId, [property: Required, StringLength(TextFields.MaxTitle, MinimumLength = 1)] string? Title,
    [property: Range(DescribeMovie.FirstYear, DescribeMovie.LastYear)] int? Year = null, [property: MaxLength(DescribeMovie.MostNames)] IReadOnlyList<string>? Genres = null,
    bool Adult = false, [property: Range(1, WatchMovie.LongestMovieMinutes)] int? RuntimeMinutes = null,
    [property: MaxLength(DescribeMovie.MostNames)] IReadOnlyList<string>? Languages = null, [property: Range(0L, long.MaxValue)] long? ExpectedVersion = null)
{
    internal const int FirstYear = 1870, LastYear = 2100, MostNames = 32;

    internal static readonly string[] Kinds = [EventAliases.MovieAdded, EventAliases.MovieChanged];

    internal FieldErrors Validate() => new FieldErrors()
        .RequireId(MovieId, "movieId")
        .Require(Title is not null, "title", "Required.")
        .RequireText(Title, TextFields.MaxTitle, "title")
        .Require(Year is null or (>= FirstYear and <= LastYear), "year", $"A year is {FirstYear} to {LastYear}.")
        .Require(Distinct(Genres, genre => TextFields.IsClean(genre, TextFields.MaxOther)), "genres", $"Up to {MostNames} names of 1 to {TextFields.MaxOther} characters, none a control character, each once.")
        .Require(RuntimeMinutes is null or (>= 1 and <= WatchMovie.LongestMovieMinutes), "runtimeMinutes", $"A runtime is 1 to {WatchMovie.LongestMovieMinutes} minutes.")
        .Require(Distinct(Languages, code => code is [>= 'a' and <= 'z', >= 'a' and <= 'z']), "languages", $"Up to {MostNames} codes of two lower-case letters (ISO 639-1), each once.")
        .RequireVersion(ExpectedVersion);

    /// <summary>The next description, or null if the known one says the same.</summary>
    internal object? Decide(object? known)
    {
        var said = known is MovieAdded a ? new(a.MovieId, a.Title, a.Year, a.Genres, a.Adult, a.RuntimeMinutes, a.Languages, a.Inferred) : known as MovieChanged;
        var next = new MovieChanged(MovieId!, Title!, Year, Genres ?? [], Adult, RuntimeMinutes, Languages);
        return said is null ? new MovieAdded(MovieId!, Title!, Year, Genres ?? [], Adult, RuntimeMinutes, Languages)
            : Json(said).AsSpan().SequenceEqual(Json(next)) ? null : next;
    }

    private static bool Distinct(IReadOnlyList<string>? names, Func<string, bool> valid)
        => names is null || (names.Count <= MostNames && names.All(n => n is not null && valid(n)) && names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == names.Count);

    private static byte[] Json(MovieChanged movie) => JsonSerializer.SerializeToUtf8Bytes(movie, EventJson.Default.MovieChanged);
}

/// <summary>The answer to a description of a movie.</summary>
/// <param name="MovieId">Which.</param>
/// <param name="Changed">False if the log said so already; nothing was stored then.</param>
/// <param name="Sequence">Log position of the new description.</param>
/// <param name="Version">Version of the movie's stream now.</param>
public sealed record MovieDescribed(
    [property: JsonConverter(typeof(IdConverter))] string MovieId, bool Changed, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Sequence, long Version);
