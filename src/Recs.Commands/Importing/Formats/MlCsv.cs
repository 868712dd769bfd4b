using System.Text;

namespace Recs.Commands.Importing.Formats;

/// <summary>MovieLens latest, 25M and 32M: CSV with a header, UTF-8, usually CRLF, titles in quotes where they need them.</summary>
internal static class MlCsv
{
    public const string MoviesHeader = "movieId,title,genres";
    public const string RatingsHeader = "userId,movieId,rating,timestamp";
    private const string NoGenres = "(no genres listed)";

    public static void ReadMovies(ReadingFile file, MovieRows movies)
    {
        var fields = new List<string>();
        SkipHeader(file, MoviesHeader);
        while (file.TryRead(out var line))
            if (!DelimitedLine.TryCutCsv(file.Decode(line), fields))
                file.Reject(line, RejectReasons.BrokenQuote, "A quoted field must close on its line and be followed by a comma or the end.");
            else if (fields.Count != 3)
                file.Reject(line, RejectReasons.WrongFieldCount, "Expected movieId,title,genres.");
            else
                movies.Add(file, line, Encoding.UTF8.GetBytes(fields[0]), fields[1], fields[2] == NoGenres ? [] : fields[2].Split('|'));
    }

    public static void ReadRatings(ReadingFile file, RatingRows ratings)
    {
        SkipHeader(file, RatingsHeader);
        Csv.ReadRatings(file, ratings, Csv.Columns.InOrder);
    }

    private static void SkipHeader(ReadingFile file, string header)
    {
        if (!file.TryRead(out var line)) throw new ImportInputException($"{file.Counts.Name}: is empty, expected the header {header}.");
        if (!Ascii.Equals(line, header))
            throw new ImportInputException($"{file.Counts.Name}, line 1: is {file.Quote(line)}, expected the header {header}.");
        file.WasHeader(line);
    }
}
