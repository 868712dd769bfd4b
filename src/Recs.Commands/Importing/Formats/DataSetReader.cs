using System.Security.Cryptography;
using System.Text;

namespace Recs.Commands.Importing.Formats;

/// <summary>Reads a data set of any known format into memory, row by row, each malformed row rejected with its place and reason.</summary>
public static class DataSetReader
{
    /// <summary>Reads a folder or file.</summary>
    /// <param name="path">Folder or file.</param>
    /// <param name="format">Its format, or <see cref="DataSetFormat.Auto"/>.</param>
    /// <param name="rejects">Takes the malformed rows.</param>
    /// <exception cref="ImportInputException">The input as a whole cannot be read.</exception>
    public static DataSet Read(string path, DataSetFormat format, IRejectSink rejects) => Read(path, format, rejects, isKnownMovie: null, erased: null);

    /// <summary>Reads a folder or file with what is known from elsewhere of its movies and people.</summary>
    /// <param name="path">Folder or file.</param>
    /// <param name="format">Its format, or <see cref="DataSetFormat.Auto"/>.</param>
    /// <param name="rejects">Takes the malformed rows.</param>
    /// <param name="isKnownMovie">Whether a movie that the movies file does not have is known; null if only that file counts.</param>
    /// <param name="erased">People of whom nothing is taken; null for nobody.</param>
    /// <exception cref="ImportInputException">The input as a whole cannot be read.</exception>
    internal static DataSet Read(string path, DataSetFormat format, IRejectSink rejects, Func<string, bool>? isKnownMovie, ErasedPeople? erased)
    {
        erased ??= ErasedPeople.Nobody;
        var known = DataSetFormats.Recognise(path, format);
        return known switch
        {
            DataSetFormat.Ml1m => Read(path, known, rejects, Encoding.Latin1, Ml1m.ReadMovies, Ml1m.ReadUsers, Ml1m.ReadRatings, isKnownMovie, erased),
            DataSetFormat.Ml100k => Read(path, known, rejects, Encoding.Latin1, Ml100k.ReadMovies, Ml100k.ReadUsers, Ml100k.ReadRatings, isKnownMovie, erased),
            DataSetFormat.JsonLines => ReadJsonLines(path, rejects, erased),
            DataSetFormat.MlCsv => Read(path, known, rejects, Encoding.UTF8, MlCsv.ReadMovies, null, MlCsv.ReadRatings, isKnownMovie, erased),
            DataSetFormat.Movielog => throw new ImportInputException($"{path}: is a movielog, which is imported into a log before it can be used."),
            _ => Read(path, known, rejects, Encoding.UTF8, null, null, Csv.ReadInteractions, null, erased),
        };
    }

    /// <summary>Digest of the content of a folder's or file's data files, lower-case hexadecimal.</summary>
    /// <exception cref="ImportInputException">The input as a whole cannot be read.</exception>
    public static string Digest(string path, DataSetFormat format)
    {
        var known = DataSetFormats.Recognise(path, format);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in FilesOf(path, known))
        {
            try
            {
                using var stream = File.OpenRead(file);
                digest.AppendData(SHA256.HashData(stream));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ImportInputException($"{file}: cannot be read: {e.Message}");
            }
        }
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    private static DataSet Read(
        string path, DataSetFormat format, IRejectSink rejects, Encoding encoding,
        Action<ReadingFile, MovieRows>? readMovies, Action<ReadingFile, UserRows>? readUsers, Action<ReadingFile, RatingRows> readRatings,
        Func<string, bool>? isKnownMovie, ErasedPeople erased)
    {
        var files = FilesOf(path, format);
        var (userIds, movieIds) = (new IdTable(), new IdTable());
        var (movies, users) = (new MovieRows(movieIds), new UserRows(userIds, erased));
        var ratings = new RatingRows(userIds, movieIds, catalogued: readMovies is not null, erased, isKnownMovie);
        var moviesFile = readMovies is null ? null : ReadFile(files[0], f => readMovies(f, movies));
        var usersFile = readUsers is null ? null : ReadFile(files[1], f => readUsers(f, users));
        var ratingsFile = ReadFile(files[^1], f => readRatings(f, ratings));
        if ((moviesFile?.InputRows ?? 0) + (usersFile?.InputRows ?? 0) + ratingsFile.InputRows == 0)
            throw new ImportInputException($"{path}: holds no row. Expected at least one beside a header.");
        return new(
            Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))), DataSetFormats.NameOf(format), Digest(path, format),
            movies.Rows, moviesFile, users.Rows, usersFile, userIds.Ids, movieIds.Ids, ratings.Columns, ratingsFile);

        FileRows ReadFile(string file, Action<ReadingFile> read)
        {
            using var reading = new ReadingFile(new LineReader(file, utf8: encoding == Encoding.UTF8), encoding, rejects);
            read(reading);
            return reading.Counts;
        }
    }

    private static DataSet ReadJsonLines(string path, IRejectSink rejects, ErasedPeople erased)
    {
        var (userIds, movieIds) = (new IdTable(), new IdTable());
        var (movies, users) = (new MovieRows(movieIds), new UserRows(userIds, erased));
        // A line that is not UTF-8 is a bad line of a catalogue, not a file in another encoding.
        using var file = new ReadingFile(new LineReader(path, utf8: false), Encoding.UTF8, rejects);
        var arePersons = JsonLines.Read(file, movies, users);
        if (file.Counts.InputRows == 0) throw new ImportInputException($"{path}: holds no row. Expected a JSON object on each line.");
        return new(
            Path.GetFileName(Path.GetFullPath(path)), DataSetFormats.NameOf(DataSetFormat.JsonLines), Digest(path, DataSetFormat.JsonLines),
            movies.Rows, arePersons ? null : file.Counts, users.Rows, arePersons ? file.Counts : null, userIds.Ids, movieIds.Ids, new RatingColumns(), null);
    }

    private static string[] FilesOf(string path, DataSetFormat format)
        => DataSetFormats.FilesOf(format) is { Count: > 0 } names ? [.. names.Select(n => Path.Combine(path, n))] : [path];
}
