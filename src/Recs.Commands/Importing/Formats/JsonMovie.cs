using System.Globalization;
using System.Text.Json;
using Recs.Commands.Cataloguing;
using Recs.Commands.Watching;
using Recs.Contracts;
using Recs.Contracts.Movies;

namespace Recs.Commands.Importing.Formats;

/// <summary>A movie as a JSON object: <c>id</c>, and what is known: <c>title, year, genres, adult, runtime, languages</c>.</summary>
internal static class JsonMovie
{
    /// <summary>Reads a movie. Title and year that are not given are read from the id, as for a movie that an event names.</summary>
    /// <param name="row">Object.</param>
    /// <param name="idNames">Names of the id's field.</param>
    public static Field<MovieAdded> Read(JsonRow row, string[] idNames)
    {
        if (!row.TryText(out var id, idNames) || id is null || !EntityId.IsValid(id))
            return Bad(RejectReasons.BadMovieId, $"id: expected {EntityId.Rule}.");
        if (!row.TryText(out var title, "title", "original_title") || (title is not null && !TextFields.IsClean(title, TextFields.MaxTitle)))
            return Bad(RejectReasons.BadTitle, $"title: expected 1 to {TextFields.MaxTitle} characters, none a control character.");
        if (!TryYear(row, out var year))
            return Bad(RejectReasons.BadYear, $"year, release_date: expected a year from {DescribeMovie.FirstYear} to {DescribeMovie.LastYear}, or a date that begins with one.");
        if (!TryGenres(row, out var genres))
            return Bad(RejectReasons.BadGenres, $"genres: expected a list of up to {DescribeMovie.MostNames} names, or of objects with a name.");
        if (!TryFlag(row, out var adult))
            return Bad(RejectReasons.BadAdult, "adult: expected true or false.");
        if (!TryRuntime(row, out var runtime))
            return Bad(RejectReasons.BadRuntime, $"runtime: expected 1 to {WatchMovie.LongestMovieMinutes} minutes; 0 and null for unknown.");
        if (!TryLanguages(row, out var languages))
            return Bad(RejectReasons.BadLanguages, $"languages: expected a list of up to {DescribeMovie.MostNames} codes of two letters (ISO 639-1).");
        var inferred = InferredMovie.FromId(id);
        var told = title is null ? (Title: inferred.Title, Year: null) : TextFields.SplitYear(title);
        return new(new(id, told.Title, year ?? told.Year ?? inferred.Year, genres, adult, runtime, languages));
    }

    private static Field<MovieAdded> Bad(string reason, string detail) => Field<MovieAdded>.Bad(reason, detail);

    private static bool TryYear(JsonRow row, out int? year)
    {
        year = null;
        if (!row.TryText(out var text, "year", "release_year", "release_date")) return false;
        if (string.IsNullOrEmpty(text)) return true;
        if (text.Length is not 4 && !(text.Length >= 10 && text[4] == '-')) return false;
        if (!int.TryParse(text.AsSpan(0, 4), NumberStyles.None, null, out var found) || found is < DescribeMovie.FirstYear or > DescribeMovie.LastYear) return false;
        year = found;
        return true;
    }

    private static bool TryGenres(JsonRow row, out IReadOnlyList<string> genres)
    {
        genres = [];
        if (row.Find("genres") is not { } list) return true;
        if (JsonRow.Texts(list, "name") is not { } names || names.Count > DescribeMovie.MostNames || names.Exists(n => !TextFields.IsClean(n, TextFields.MaxOther))) return false;
        genres = names;
        return true;
    }

    private static bool TryFlag(JsonRow row, out bool flag)
    {
        var value = row.Find("adult");
        flag = value?.ValueKind == JsonValueKind.True;
        return value?.ValueKind is null or JsonValueKind.True or JsonValueKind.False || value.Value.ValueKind == JsonValueKind.String && bool.TryParse(value.Value.GetString(), out flag);
    }

    private static bool TryRuntime(JsonRow row, out int? minutes)
    {
        minutes = null;
        if (!row.TryText(out var text, "runtime", "runtime_minutes", "runtimeMinutes")) return false;
        if (string.IsNullOrEmpty(text)) return true;
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var found) || found is < 0 or > WatchMovie.LongestMovieMinutes) return false;
        if (found >= 1) minutes = (int)Math.Round(found);
        return true;
    }

    private static bool TryLanguages(JsonRow row, out IReadOnlyList<string>? languages)
    {
        languages = null;
        var list = row.Find("languages", "spoken_languages");
        var codes = list is { } several ? JsonRow.Texts(several, "iso_639_1")
            : !row.TryText(out var one, "original_language") ? null
            : string.IsNullOrEmpty(one) ? [] : [one];
        if (codes is null || codes.Count > DescribeMovie.MostNames || codes.Exists(c => c is not [(>= 'a' and <= 'z') or (>= 'A' and <= 'Z'), (>= 'a' and <= 'z') or (>= 'A' and <= 'Z')])) return false;
        if (codes.Count > 0) languages = codes.ConvertAll(c => c.ToLowerInvariant());
        return true;
    }
}
