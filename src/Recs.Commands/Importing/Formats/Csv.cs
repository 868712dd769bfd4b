using System.Text;

namespace Recs.Commands.Importing.Formats;

/// <summary>Ratings in CSV, of MovieLens and of anybody else.</summary>
internal static class Csv
{
    /// <summary>Where the four fields of a rating stand.</summary>
    public readonly record struct Columns(int User, int Movie, int Rating, int Timestamp)
    {
        public static readonly Columns InOrder = new(0, 1, 2, 3);
    }

    /// <summary>Reads an interactions file: the header may be absent, and may name the columns in any order.</summary>
    public static void ReadInteractions(ReadingFile file, RatingRows ratings)
    {
        if (!file.TryRead(out var first))
            throw new ImportInputException($"{file.Counts.Name}: is empty, expected rows of user_id,movie_id,rating,timestamp.");
        var columns = Columns.InOrder;
        if (TryHeader(file.Decode(first), out var named))
        {
            columns = named ?? throw new ImportInputException(
                $"{file.Counts.Name}, line 1: the header {file.Quote(first)} is not understood, "
                + "expected the columns user_id, movie_id, rating, timestamp.");
            file.WasHeader(first);
        }
        else
        {
            ReadRating(file, ratings, columns, first, []);
        }
        ReadRatings(file, ratings, columns);
    }

    public static void ReadRatings(ReadingFile file, RatingRows ratings, Columns columns)
    {
        var quoted = new List<string>();
        while (file.TryRead(out var line)) ReadRating(file, ratings, columns, line, quoted);
    }

    private static void ReadRating(ReadingFile file, RatingRows ratings, Columns columns, ReadOnlySpan<byte> line, List<string> quoted)
    {
        Span<Range> fields = stackalloc Range[4];
        if (line.Contains((byte)'"')) ReadQuoted(file, ratings, columns, line, quoted);
        else if (DelimitedLine.Cut(line, ","u8, fields) != 4) RejectCount(file, line);
        else
            ratings.Add(
                file, line, line[fields[columns.User]], line[fields[columns.Movie]], line[fields[columns.Rating]], line[fields[columns.Timestamp]]);
    }

    private static void ReadQuoted(ReadingFile file, RatingRows ratings, Columns columns, ReadOnlySpan<byte> line, List<string> fields)
    {
        if (!DelimitedLine.TryCutCsv(file.Decode(line), fields))
            file.Reject(line, RejectReasons.BrokenQuote, "A quoted field must close on its line and be followed by a comma or the end.");
        else if (fields.Count != 4) RejectCount(file, line);
        else
            ratings.Add(
                file, line, Encoding.UTF8.GetBytes(fields[columns.User]), Encoding.UTF8.GetBytes(fields[columns.Movie]),
                Encoding.UTF8.GetBytes(fields[columns.Rating]), Encoding.UTF8.GetBytes(fields[columns.Timestamp]));
    }

    private static void RejectCount(ReadingFile file, ReadOnlySpan<byte> line)
        => file.Reject(line, RejectReasons.WrongFieldCount, "Expected four fields: user, movie, rating, timestamp.");

    /// <summary>A first line that names a rating or timestamp column, where a row has numbers, is a header.</summary>
    /// <returns>Whether it is a header; <paramref name="columns"/> is null if it lacks a column.</returns>
    private static bool TryHeader(string line, out Columns? columns)
    {
        columns = null;
        var fields = new List<string>();
        if (!DelimitedLine.TryCutCsv(line, fields)) return false;
        var names = fields.ConvertAll(f => f.Trim().Replace("_", "", StringComparison.Ordinal).ToLowerInvariant());
        if (!names.Contains("rating") && !names.Contains("timestamp")) return false;
        var found = new Columns(names.IndexOf("userid"), names.IndexOf("movieid"), names.IndexOf("rating"), names.IndexOf("timestamp"));
        if (names.Count == 4 && found is { User: >= 0, Movie: >= 0, Rating: >= 0, Timestamp: >= 0 }) columns = found;
        return true;
    }
}
