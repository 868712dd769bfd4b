using System.Text.Json;

namespace Recs.Commands.Importing.Formats;

/// <summary>
/// A catalogue of movies, or persons, as JSON objects, one a line. Field names are those of the movie simulator, with the aliases under which the same things
/// go elsewhere; fields that nobody here knows are passed over.
/// </summary>
internal static class JsonLines
{
    /// <summary>Longest line in bytes: a description of one film, with whatever else its source says about it.</summary>
    private const int MaxLine = 1 << 16;

    private static readonly string[] MovieId = ["id", "movie_id", "movieId"], UserId = ["user_id", "userId"];

    /// <summary>Reads a file. What its first object with an id is, all must be.</summary>
    /// <returns>Whether it is a file of persons.</returns>
    public static bool Read(ReadingFile file, MovieRows movies, UserRows users)
    {
        bool? arePersons = null;
        while (file.TryRead(out var line))
        {
            using var parsed = Parse(file, line);
            if (parsed is null) continue;
            var row = new JsonRow(parsed.RootElement);
            var isPerson = row.Find(UserId) is not null;
            if (!isPerson && row.Find(MovieId) is null)
                RejectNameless(file, line, arePersons);
            else if ((arePersons ??= isPerson) != isPerson)
                file.Reject(line, RejectReasons.BadJson, arePersons.Value ? "Expected a person with a user_id, as on the lines before." : "Expected a movie, as on the lines before, but this has a user_id.");
            else if (isPerson) Add(file, line, JsonUser.Read(row, UserId), users.Add);
            else Add(file, line, JsonMovie.Read(row, MovieId), movies.Add);
        }
        return arePersons ?? false;
    }

    private static void RejectNameless(ReadingFile file, ReadOnlySpan<byte> line, bool? arePersons) => file.Reject(
        line, arePersons is true ? RejectReasons.BadUserId : RejectReasons.BadMovieId,
        arePersons switch { true => "user_id is missing.", false => "id is missing.", null => "id is missing, of a movie; or user_id, of a person." });

    private delegate void Take<in T>(ReadingFile file, ReadOnlySpan<byte> line, T value);

    private static void Add<T>(ReadingFile file, ReadOnlySpan<byte> line, Field<T> read, Take<T> take)
    {
        if (read.Reason is { } reason) file.Reject(line, reason, read.Detail!);
        else take(file, line, read.Value!);
    }

    private static JsonDocument? Parse(ReadingFile file, ReadOnlySpan<byte> line)
    {
        if (line.Length > MaxLine)
        {
            file.Reject(line, RejectReasons.BadJson, $"The line has {line.Length:N0} bytes, at most {MaxLine:N0} expected.");
            return null;
        }
        try
        {
            // JsonDocument keeps what it parses.
            var parsed = JsonDocument.Parse(line.ToArray());
            if (parsed.RootElement.ValueKind == JsonValueKind.Object && IsText(parsed.RootElement)) return parsed;
            parsed.Dispose();
            file.Reject(line, RejectReasons.BadJson, "Expected one JSON object on the line, its names and texts Unicode.");
        }
        catch (JsonException e)
        {
            file.Reject(line, RejectReasons.BadJson, $"Not JSON at byte {e.BytePositionInLine}: expected one object on the line.");
        }
        return null;
    }

    /// <summary>JSON can name halves of characters; whoever reads such a text gets an exception.</summary>
    private static bool IsText(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString() is not null,
                JsonValueKind.Array => value.EnumerateArray().All(IsText),
                JsonValueKind.Object => value.EnumerateObject().All(p => p.Name.Length >= 0 && IsText(p.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
